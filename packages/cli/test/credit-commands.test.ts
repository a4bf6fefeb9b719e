import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { controllerPlugins } from "@tracer-sdk/controllers"
import { Audit, corePlugins } from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"
import { Effect, Schema } from "effect"
import { parquetReadObjects } from "hyparquet"
import { tracerHere } from "./tracer.ts"

const plugins = [...corePlugins, ...rolePlugins, ...controllerPlugins]
const folder = mkdtempSync(join(tmpdir(), "tracer-credit-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (...path: ReadonlyArray<string>) => join(folder, ...path)
const run = at("run")
const here = (...args: ReadonlyArray<string>) => tracerHere(plugins, ...args)

const config = `
name: two simulated models
agents: [{ name: ada, policy: model }, { name: bob, policy: model }]
policies:
  model: { use: simulated, right: 0.6, rightGivenRight: 0.9, rightGivenWrong: 0.1 }
training: { batchSize: 10 }
tasks:
  train: { use: arithmetic, split: train, count: 40 }
  test: { use: arithmetic, split: test, count: 30 }
systems: []
`
const rowsOf = (name: string) => {
  const lines = readFileSync(at(name), "utf8").trimEnd().split("\n")
  const Row = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Json))
  return lines.map((line) => Schema.decodeUnknownSync(Row)(line))
}

beforeAll(async () => {
  writeFileSync(at("team.yaml"), config)
  writeFileSync(at("tasks.jsonl"), '{"question":"What is 2 + 3?","answer":"5"}\n'.repeat(6))
  const trained = await Effect.runPromise(here("train", "--config", at("team.yaml"), "--out", run))
  expect(trained.stderr).not.toContain("error")
  expect(trained.code).toBe(0)
}, 60_000)

describe("tracer audit", () => {
  it.live("shows who cooperates on the run's test tasks, as JSON, too", () =>
    Effect.gen(function* () {
      const shown = yield* here("audit", "--run", run, "--worst", "1")
      expect(shown.code).toBe(0)
      expect(shown.stdout).toContain("Who cooperates in two simulated models, in 30 dialogues")
      expect(shown.stdout).toMatch(/^ {2}ada as proposer +30 /m)
      expect(shown.stdout).toMatch(/^ {2}bob as reviewer +0 +0 +100\.0%/m)
      expect(shown.stdout).toContain("counts only with --anew")
      expect(shown.stdout.match(/^ {2}read as: /gm)).toHaveLength(1)
      expect(Math.max(...shown.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100)

      const json = yield* here("audit", "--run", run, "--json")
      const audit = Schema.decodeUnknownSync(Schema.fromJsonString(Audit))(json.stdout)
      expect(audit).toMatchObject({ how: "frozen", dialogues: 30 })
      expect(audit.turns.length).toBe(audit.speakers.reduce((sum, { spoke }) => sum + spoke, 0))
    })
  )

  it.live("asks again with --anew, on tasks of a file", () =>
    Effect.gen(function* () {
      const args = ["audit", "--run", run, "--tasks", at("tasks.jsonl"), "--limit", "5", "--anew", "--json"]
      const { code, stdout } = yield* here(...args)
      expect(code).toBe(0)
      const audit = Schema.decodeUnknownSync(Schema.fromJsonString(Audit))(stdout)
      expect(audit).toMatchObject({ how: "anew", dialogues: 5 })
    })
  )
})

describe("tracer export", () => {
  it.live("writes what a run has logged, in each layout", () =>
    Effect.gen(function* () {
      const columns: Readonly<Record<string, ReadonlyArray<string>>> = {
        "prompt-completion": ["prompt", "completion", "reward", "task", "round", "agent", "role"],
        "unpaired-preference": ["prompt", "completion", "label", "task", "round", "agent", "role"],
        stepwise: ["prompt", "completions", "labels", "task"]
      }
      for (const [format, names] of Object.entries(columns)) {
        const { code, stdout } = yield* here(
          "export",
          "--run",
          run,
          "--format",
          format,
          "--out",
          at("rows.jsonl")
        )
        expect(code).toBe(0)
        const rows = rowsOf("rows.jsonl")
        expect(stdout).toMatch(
          new RegExp(`rows\\.jsonl: ${rows.length} rows of ${format}, from \\d+ credited turns`)
        )
        expect(Object.keys(rows[0] ?? {})).toEqual(names)
      }
    })
  )

  it.live("filters, pairs and writes Parquet", () =>
    Effect.gen(function* () {
      const pairs = [
        "export",
        "--run",
        run,
        "--format",
        "preference",
        "--role",
        "reviewer",
        "--margin",
        "0.5"
      ]
      expect((yield* here(...pairs, "--out", at("pairs.parquet"))).code).toBe(0)
      const file = new Uint8Array(readFileSync(at("pairs.parquet"))).buffer
      const rows = yield* Effect.promise(() => parquetReadObjects({ file }))
      expect(rows.length).toBeGreaterThan(0)
      for (const { role, score_chosen, score_rejected } of rows) {
        expect(role).toBe("reviewer")
        expect(score_chosen - score_rejected).toBeGreaterThanOrEqual(0.5)
      }
      const good = ["--format", "prompt-completion", "--min-credit", "0.5", "--agent", "ada"]
      yield* here("export", "--run", run, ...good, "--out", at("good.jsonl"))
      expect(new Set(rowsOf("good.jsonl").map(({ reward }) => reward))).toEqual(new Set([1]))
    })
  )

  it.live("plays tasks of a file for it", () =>
    Effect.gen(function* () {
      const steps = ["export", "--run", run, "--format", "stepwise", "--tasks", at("tasks.jsonl")]
      const { code } = yield* here(...steps, "--out", at("steps.jsonl"))
      expect(code).toBe(0)
      expect(rowsOf("steps.jsonl").map(({ prompt }) => prompt)).toEqual(Array(6).fill("What is 2 + 3?"))
    })
  )

  it.live("says what is wrong, where, and what to do", () =>
    Effect.gen(function* () {
      const out = at("out.jsonl")
      const given = (...args: ReadonlyArray<string>) => here("export", "--run", run, ...args)
      const cases = [
        [given("--format", "preference", "--out", at("out.csv")), "ends neither in .jsonl nor in .parquet"],
        [
          given("--format", "preference", "--out", out, "--role", "judge"),
          "there is nothing to write as preference"
        ],
        [
          given("--format", "preference", "--out", out, "--margin", "-1"),
          "--margin has to be 0 or more, not -1"
        ],
        [
          given("--format", "preference", "--out", out, "--agent", "adda"),
          "they are of the agents ada, bob and the roles proposer, reviewer"
        ],
        [given("--format", "pairs", "--out", out), "pairs"],
        [given("--format", "stepwise", "--out", out, "--margin", "1"), "--margin is about pairs"],
        [given("--format", "stepwise", "--out", out, "--all-pairs"), "--all-pairs is about pairs"],
        [given("--format", "stepwise", "--out", out, "--limit", "3"), "--limit is about dialogues"],
        [given("--format", "stepwise", "--out", out, "--seed", "3"), "--seed is about dialogues"],
        [here("audit", "--run", run, "--dataset", "gsm8k"), "--dataset is about a file of tasks"],
        [here("audit", "--run", run, "--worst", "-1"), "--worst has to be 0 or more, not -1"]
      ] as const
      for (const [command, message] of cases) {
        const ended = yield* command
        expect(ended.code, message).toBe(2)
        expect(ended.stderr).toContain(message)
        expect(ended.stderr).toContain("what to do: ")
      }
    })
  )
})
