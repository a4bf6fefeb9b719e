import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import {
  createRegistry,
  decodeTeamConfig,
  runFiles,
  sqliteEventLog,
  Team,
  type TracerEvent,
  trainRun
} from "@tracer-sdk/core"
import { Effect, Fiber } from "effect"
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

  it("stops when its signal says so", async () => {
    await using team = await Team.create(numberConfig, numberPlugins)
    await expect(team.train(tasks, { signal: AbortSignal.timeout(5) })).rejects.toThrow()
  })

  it("names a plug-in that is not there, and those that are", async () => {
    await expect(
      Team.create({ ...numberConfig, controller: { use: "regrets" } }, numberPlugins)
    ).rejects.toMatchObject({
      _tag: "ConfigError",
      message: 'controller.use: there is no controller plug-in "regrets"; known here: mean.'
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
