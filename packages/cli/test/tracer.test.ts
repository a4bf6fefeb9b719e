import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { controllerPlugins } from "@tracer-sdk/controllers"
import { corePlugins, EvaluationReport, RunSummary, TeamFile, TracerEvent } from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"
import { Effect, Schema } from "effect"
import { type Ended, startTracer, tracer, tracerHere } from "./tracer.ts"

const plugins = [...corePlugins, ...rolePlugins, ...controllerPlugins]

const folder = mkdtempSync(join(tmpdir(), "tracer-cli-"))
const inFolder = (...path: ReadonlyArray<string>) => join(folder, ...path)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const config = `
name: two simulated models
agents: [{ name: ada, policy: model }, { name: bob, policy: model }]
policies:
  model: { use: simulated, right: 0.6, rightGivenRight: 0.9, rightGivenWrong: 0.1, delay: 2 }
training: { batchSize: 10 }
tasks:
  train: { use: jsonl, file: FILE }
  test: { use: jsonl, file: FILE, limit: 40 }
systems:
  - { name: always speaks, when: before, protocol: { use: propose-review, alwaysSpeak: true } }
  - { name: team, when: both }
`

const tasks = Array.from({ length: 200 }, (_, i) =>
  JSON.stringify({ question: `What is ${i} + 2?`, answer: `${i} + 2 = ${i + 2}\n#### ${i + 2}` })
)

const decode = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, text: string): S["Type"] =>
  Schema.decodeUnknownSync(Schema.fromJsonString(schema))(text)

const batchesDone = (run: string): number =>
  existsSync(inFolder(run, "team.json"))
    ? (decode(TeamFile, readFileSync(inFolder(run, "team.json"), "utf8")).progress?.batchesDone ?? 0)
    : 0

describe("the tracer command", () => {
  beforeAll(async () => {
    writeFileSync(inFolder("tasks.jsonl"), `${tasks.join("\n")}\n`)
    writeFileSync(inFolder("team.yaml"), config.replaceAll("FILE", inFolder("tasks.jsonl")))
    const trained = await tracer(folder, "train", "--config", "team.yaml", "--out", "whole")
    expect(trained.stderr).not.toContain("error")
    expect(trained.code).toBe(0)
    expect(trained.stdout).toContain("What the controllers learned")
    expect(trained.stdout).toContain("tracer solve --run whole ")
    expect(trained.stderr).toContain("training  [")
    expect(trained.stderr).not.toContain("ExperimentalWarning")
    // No colours where nobody sees them.
    expect(trained.stdout + trained.stderr).not.toContain("\u001b")
  }, 60_000)

  it("stops on Ctrl-C with 130, says how to go on, and ends as if it had never been stopped", async () => {
    const args = ["train", "--config", "team.yaml", "--out", "stopped"]
    const { ended, stop } = startTracer(folder, ...args)
    while (batchesDone("stopped") < 3) await sleep(20)
    stop()
    const stopped = await ended
    expect(stopped.code).toBe(130)
    expect(stopped.stderr).toMatch(/Stopped in training after batch \d+ of 20\./)
    expect(stopped.stderr).toContain(`  tracer ${args.join(" ")}\n`)
    expect(existsSync(inFolder("stopped", "summary.json"))).toBe(false)

    const resumed = await tracer(folder, ...args, "--json")
    expect(resumed.code).toBe(0)
    expect(resumed.stderr).toBe("")
    const whole = readFileSync(inFolder("whole", "summary.json"), "utf8")
    expect(readFileSync(inFolder("stopped", "summary.json"), "utf8")).toBe(whole)
    expect(decode(RunSummary, resumed.stdout)).toEqual(decode(RunSummary, whole))
  })

  it("plays a dialogue, and refuses a wrong configuration with 2", async () => {
    writeFileSync(inFolder("wrong.yaml"), "agents: [{ name: ada, polcy: model }]\npolicies: {}\n")
    const [solved, wrong] = await Promise.all([
      tracer(folder, "solve", "--run", "whole", "What is 40 + 2?", "--gold", "42"),
      tracer(folder, "train", "--config", "wrong.yaml", "--out", "never")
    ])
    expect(solved.code).toBe(0)
    expect(solved.stderr).toBe("")
    expect(solved.stdout).toMatch(/^round 1 {2}ada speaks as proposer$/m)
    expect(solved.stdout).toMatch(/^Answer: \d+ {2}(right|wrong)$/m)
    expect(wrong.code).toBe(2)
    expect(wrong.stdout).toBe("")
    expect(wrong.stderr).toContain("agents[0].polcy: is not a known key; known here: name, policy")
    expect(wrong.stderr).not.toMatch(/^ +at /m)
    expect(existsSync(inFolder("never"))).toBe(false)
  })

  it.live("measures a saved team on a file of tasks", () =>
    Effect.gen(function* () {
      const args = ["eval", "--run", inFolder("whole"), "--tasks", inFolder("tasks.jsonl"), "--limit", "20"]
      const shown = yield* tracerHere(plugins, ...args)
      const json = yield* tracerHere(plugins, ...args, "--json")
      expect([shown.code, json.code]).toEqual([0, 0])
      expect(shown.stdout).toContain("two simulated models on 20 tasks")
      const report = decode(EvaluationReport, json.stdout)
      expect(report.perTask.map(({ task }) => task)).toEqual(Array.from({ length: 20 }, (_, i) => `${i + 1}`))
      expect(shown.stdout).toContain(`${(100 * report.accuracy.mean).toFixed(1)}%`)
      const other = yield* tracerHere(plugins, ...args, "--json", "--seed", "2")
      expect(decode(EvaluationReport, other.stdout)).not.toEqual(report)
    })
  )

  it.live("gives a dialogue and a run as JSON, the same as for a person", () =>
    Effect.gen(function* () {
      const run = inFolder("whole")
      const solve = ["solve", "--run", run, "What is 40 + 2?", "--gold", "42"]
      const shown = yield* tracerHere(plugins, ...solve)
      const json = yield* tracerHere(plugins, ...solve, "--json")
      const Solved = Schema.Struct({
        answer: Schema.String,
        correct: Schema.Boolean,
        calls: Schema.Int,
        events: Schema.Array(TracerEvent)
      })
      const solved = decode(Solved, json.stdout)
      expect(shown.stdout).toContain(`Answer: ${solved.answer}  ${solved.correct ? "right" : "wrong"}`)
      expect(shown.stdout.match(/speaks as/g)?.length).toBe(solved.calls)
      expect(solved.events.at(0)?.type).toBe("episode-start")
      expect(solved.events.at(-1)?.type).toBe("episode-end")

      const inspected = yield* tracerHere(plugins, "inspect", "--run", run)
      expect(inspected.stdout).toContain("Training is finished (20 batches).")
      expect(inspected.stdout).toContain("batches in all: 20")
      const Inspected = Schema.Struct({
        learned: RunSummary.fields.learned,
        curve: RunSummary.fields.curve
      })
      const { learned, curve } = decode(RunSummary, readFileSync(inFolder("whole", "summary.json"), "utf8"))
      const inspectedJson = yield* tracerHere(plugins, "inspect", "--run", run, "--json")
      expect(decode(Inspected, inspectedJson.stdout)).toEqual({ learned, curve })
    })
  )

  it.live("says what is wrong, where, and what to do, with 2 for wrong usage and 1 for a failure", () =>
    Effect.gen(function* () {
      const run = inFolder("whole")
      writeFileSync(inFolder("broken.jsonl"), "not a task\n")
      writeFileSync(inFolder("bare.jsonl"), '{"question":"Why?"}\n')
      const measure = (tasks: string, ...more: ReadonlyArray<string>) =>
        tracerHere(plugins, "eval", "--run", run, "--tasks", inFolder(tasks), ...more)
      const cases: ReadonlyArray<readonly [Effect.Effect<Ended>, number, string]> = [
        [tracerHere(plugins, "solve", "--run", inFolder("nowhere"), "Why?"), 2, "--run: there is no folder"],
        [tracerHere(plugins, "inspect", "--run", folder), 2, "holds no saved team"],
        [tracerHere(plugins, "solve", "--run", run, " "), 2, "The question is empty."],
        [tracerHere(plugins, "eval", "--rum", run), 2, "--rum"],
        [measure("tasks.jsonl", "--limit", "0"), 2, "--limit has to be 1 or more, not 0"],
        [measure("bare.jsonl"), 2, 'task "1" of'],
        [measure("broken.jsonl"), 1, "broken.jsonl:1: this is not a JSON object."],
        [tracerHere(plugins, "solve", "--run", run, "Why?"), 1, "The simulated policy knows no answer"]
      ]
      for (const [command, code, message] of cases) {
        const ended = yield* command
        expect(ended.code, message).toBe(code)
        expect(ended.stderr).toContain(message)
        expect(ended.stderr).toMatch(/^error: /)
        expect(ended.stderr).toContain("what to do: ")
        expect(ended.stderr).not.toMatch(/^ +at /m)
      }
    })
  )

  it.live("teaches its use", () =>
    Effect.gen(function* () {
      for (const command of ["train", "eval", "solve", "inspect", "audit", "export", "merge", "doctor"]) {
        const { code, stdout } = yield* tracerHere(plugins, command, "--help")
        expect(code).toBe(0)
        expect(stdout).toContain(`tracer ${command} `)
        expect(stdout).toContain("EXAMPLES")
      }
    })
  )
})
