import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import {
  createRegistry,
  decodeTeamConfig,
  defineGrader,
  definePlugin,
  makeTeam,
  runFiles,
  sqliteEventLog,
  Team,
  type TeamConfigInput,
  type TracerEvent,
  trainRun
} from "@tracer-sdk/core"
import { Effect, Fiber, Schema } from "effect"
import { numberConfig, numberPlugins } from "./number-plugins.ts"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "tracer-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const tasks = Array.from({ length: 15 }, (_, i) => ({ id: `t${i}`, question: `${i}?`, gold: "42" }))

describe("Team", () => {
  it("solves a question, and tells of it as it happens", async () => {
    await using team = await Team.create(numberConfig, numberPlugins)
    const solution = await team.solve("What is the answer?")
    expect(["41", "42"]).toContain(solution.answer?.canonical)
    expect(solution.transcript).toHaveLength(3)
    const events: Array<TracerEvent> = []
    for await (const event of team.stream("What is the answer?")) events.push(event)
    expect(events.at(0)?.type).toBe("episode-start")
    expect(events.at(-1)).toMatchObject({ type: "episode-end", calls: solution.calls })
  })

  it("learns, and is the same after save and load", async () => {
    const path = mkdtempSync(join(tmpdir(), "tracer-"))
    try {
      await using team = await Team.create(numberConfig, numberPlugins)
      const before = await team.evaluate(tasks)
      await team.train(tasks)
      const after = await team.evaluate(tasks)
      expect(after.speakRates).not.toEqual(before.speakRates)
      await team.save(path)
      await using loaded = await Team.load(path, numberPlugins)
      expect(await loaded.evaluate(tasks)).toEqual(after)
    } finally {
      rmSync(path, { recursive: true })
    }
  })

  it("grades by the graders of its configuration", async () => {
    const words = definePlugin({
      kind: "grader",
      name: "last-digit",
      options: Schema.Struct({}),
      make: () =>
        Effect.succeed(
          defineGrader({
            name: "last-digit",
            parse: (text) => text,
            equal: (answer, gold) => answer.at(-1) === gold.at(-1)
          })
        )
    })
    const graders = { digits: { use: "last-digit" } }
    await using team = await Team.create({ ...numberConfig, graders }, [...numberPlugins, words])
    const digits = tasks.map((task) => ({ ...task, gold: "2", dataset: "digits" }))
    const plain = tasks.map((task) => ({ ...task, gold: "2" }))
    // The number 42 is not 2, but its last digit is.
    expect((await team.evaluate(plain)).accuracy.mean).toBe(0)
    expect((await team.evaluate(digits)).accuracy.mean).toBeGreaterThan(0)
  })

  it("stops when its signal says so", async () => {
    await using team = await Team.create(numberConfig, numberPlugins)
    await expect(team.train(tasks, { signal: AbortSignal.timeout(5) })).rejects.toThrow()
  })

  it("stops when its signal says so, also where the policy never waits", async () => {
    const many = Array.from({ length: 200_000 }, (_, i) => ({ id: `t${i}`, question: `${i}?`, gold: "42" }))
    await using team = await Team.create(
      { ...numberConfig, policies: { model: { use: "guesser", delay: 0 } } },
      numberPlugins
    )
    await expect(team.train(many, { signal: AbortSignal.timeout(50) })).rejects.toThrow()
  })

  it("refuses tasks whose gold answer is missing or cannot be read", async () => {
    await using team = await Team.create(numberConfig, numberPlugins)
    await expect(team.train([{ id: "a", question: "?" }])).rejects.toMatchObject({
      _tag: "ConfigError",
      message: 'tasks: task "a" has no gold answer.'
    })
    await expect(team.evaluate([{ id: "b", question: "?", gold: "x+y" }])).rejects.toMatchObject({
      message: expect.stringContaining('task "b" has a gold answer that the numeric grader cannot read')
    })
  })

  it("keeps to one agent a name, and to groups that can be compared", async () => {
    const agent = { name: "ada", policy: "model" }
    await expect(
      Team.create({ ...numberConfig, agents: [agent, agent] }, numberPlugins)
    ).rejects.toMatchObject({ message: 'agents[1].name: there is an agent "ada" already.' })
    await expect(
      Team.create({ ...numberConfig, learner: { use: "any" }, training: { groupSize: 1 } }, numberPlugins)
    ).rejects.toMatchObject({ message: expect.stringContaining("training.groupSize is 1") })
  })

  it("does not train on draws that a learner cannot score, and still answers by them", async () => {
    const learner = definePlugin({
      kind: "learner",
      name: "idle",
      options: Schema.Struct({}),
      make: () =>
        Effect.succeed({
          name: "idle",
          update: () => Effect.succeed([]),
          save: () => Effect.void,
          load: () => Effect.void
        })
    })
    const plugins = [...numberPlugins, learner]
    const inputWith = (sampling: NonNullable<TeamConfigInput["sampling"]>): TeamConfigInput => ({
      ...numberConfig,
      learner: { use: "idle" },
      sampling
    })
    for (const [sampling, message] of [
      [{ temperature: 0 }, "sampling.temperature is 0"],
      [{ topP: 0.9 }, "sampling.topP is 0.9"],
      [{ topP: 1, topK: 20 }, "sampling.topK is 20"]
    ] as const) {
      await using team = await Team.create(inputWith(sampling), plugins)
      await expect(team.train(tasks)).rejects.toMatchObject({
        _tag: "ConfigError",
        message: expect.stringContaining(message)
      })
      expect((await team.solve("?")).transcript).toHaveLength(3)
      const config = await Effect.runPromise(decodeTeamConfig(inputWith(sampling)))
      const run = trainRun({ config, registry: createRegistry(plugins), directory: "never/made" })
      expect((await Effect.runPromise(Effect.flip(run))).message).toContain(message)
      expect(existsSync("never/made")).toBe(false)
    }
    await using team = await Team.create(inputWith({ topP: 1, stop: ["."] }), plugins)
    await team.train(tasks)
  })

  it("makes the roles that a protocol speaks through, and controllers for single seats", async () => {
    await using team = await Team.create(
      {
        ...numberConfig,
        roles: { reviewer: { use: "reviewer" } },
        controllers: { reviewer: { use: "silent" } }
      },
      numberPlugins
    )
    const { transcript } = await team.solve("?")
    expect(transcript.map(({ action }) => action).slice(0, 2)).toEqual(["propose", "skip"])
    await expect(
      Team.create({ ...numberConfig, controllers: { reviwer: { use: "silent" } } }, numberPlugins)
    ).rejects.toMatchObject({
      message: expect.stringContaining("has no seat of that name; known here: proposer")
    })
    await expect(
      Team.create({ ...numberConfig, roles: { judge: { use: "reviewer" } } }, numberPlugins)
    ).rejects.toMatchObject({ message: expect.stringContaining("roles.judge") })
    await expect(
      Team.create({ ...numberConfig, controllers: { "bob.reviewer": { use: "quiet" } } }, numberPlugins)
    ).rejects.toMatchObject({ message: expect.stringContaining("controllers.bob.reviewer.use: there is no") })
  })

  it("names a plug-in that is not there, and those that are", async () => {
    await expect(
      Team.create({ ...numberConfig, controller: { use: "regrets" } }, numberPlugins)
    ).rejects.toMatchObject({
      _tag: "ConfigError",
      message: 'controller.use: there is no controller plug-in "regrets"; known here: mean, silent.'
    })
    await expect(
      Team.create({ ...numberConfig, protocol: { use: "propose-review", round: 3 } }, numberPlugins)
    ).rejects.toMatchObject({ message: expect.stringContaining("protocol.round: is not a known key") })
    await expect(
      Team.create({ ...numberConfig, agents: [{ name: "ada", policy: "modle" }] }, numberPlugins)
    ).rejects.toMatchObject({
      message: expect.stringContaining('agents[0].policy: there is no policy "modle"')
    })
    await expect(Team.load("no/such/run", numberPlugins)).rejects.toMatchObject({ _tag: "StoreError" })
  })
})

describe("trainRun", () => {
  const registry = createRegistry(numberPlugins)

  it.live("ends in the same files when it is interrupted and started again", () =>
    Effect.gen(function* () {
      const config = yield* decodeTeamConfig(numberConfig)
      const root = yield* folder
      const whole = join(root, "whole")
      yield* trainRun({ config, registry, directory: whole })

      const broken = join(root, "broken")
      let batches = 0
      const fiber = yield* Effect.forkChild(
        trainRun({
          config,
          registry,
          directory: broken,
          onEvent: (event) => {
            if (event.type === "batch-end") batches += 1
          }
        })
      )
      while (batches < 2) yield* Effect.sleep(1)
      yield* Effect.sleep(3)
      yield* Fiber.interrupt(fiber)
      expect(existsSync(runFiles(broken).summary)).toBe(false)
      const resumedAt: Array<number> = []
      yield* trainRun({
        config,
        registry,
        directory: broken,
        onPhase: (phase) => {
          if (phase.kind === "resume") resumedAt.push(phase.batchesDone)
        }
      })
      expect(resumedAt[0]).toBeGreaterThanOrEqual(1)

      const read = (directory: string, file: "summary" | "team") =>
        readFileSync(runFiles(directory)[file], "utf8")
      expect(read(broken, "summary")).toBe(read(whole, "summary"))
      expect(read(broken, "team")).toBe(read(whole, "team"))
      const events = (directory: string) =>
        Effect.scoped(Effect.flatMap(sqliteEventLog(runFiles(directory).events), (log) => log.read()))
      expect(yield* events(broken)).toEqual(yield* events(whole))
    })
  )

  it.live("keeps a folder for its run from the first evaluation on", () =>
    Effect.gen(function* () {
      const directory = join(yield* folder, "run")
      const config = yield* decodeTeamConfig(numberConfig)
      const fiber = yield* Effect.forkChild(trainRun({ config, registry, directory }))
      while (!existsSync(runFiles(directory).evaluations)) yield* Effect.sleep(1)
      yield* Fiber.interrupt(fiber)
      const other = { ...config, tasks: { train: { use: "forty-two", count: 7 } } }
      const error = yield* Effect.flip(trainRun({ config: other, registry, directory }))
      expect(error.message).toContain("holds a run of another configuration")
    })
  )

  it.live("leaves a folder with files of others alone", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      writeFileSync(join(directory, "thesis.md"), "mine")
      const config = yield* decodeTeamConfig(numberConfig)
      const error = yield* Effect.flip(trainRun({ config, registry, directory }))
      expect(error.message).toContain("holds files that are no run's")
    })
  )

  it.live("does not go on from a team that was saved on its own", () =>
    Effect.gen(function* () {
      const directory = join(yield* folder, "team")
      const config = yield* decodeTeamConfig(numberConfig)
      const team = yield* makeTeam(numberConfig, numberPlugins)
      yield* team.save(directory)
      const error = yield* Effect.flip(trainRun({ config, registry, directory }))
      expect(error.message).toContain("holds a saved team, not a run")
    })
  )

  it.live("does not mix the runs of two configurations in one folder", () =>
    Effect.gen(function* () {
      const directory = join(yield* folder, "run")
      const config = yield* decodeTeamConfig(numberConfig)
      yield* trainRun({ config, registry, directory })
      const error = yield* Effect.flip(trainRun({ config: { ...config, seed: 2 }, registry, directory }))
      expect(error.message).toContain("holds a run of another configuration")
    })
  )
})
