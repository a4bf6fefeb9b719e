import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import {
  type ExportTable,
  exportLayouts,
  jsonLinesOf,
  layOutTurns,
  loggedTurns,
  makeTeam,
  memoryEventLog,
  parquetOf,
  playedTurns,
  type TracerEvent,
  writeTable
} from "@tracer-sdk/core"
import { Effect } from "effect"
import { parquetReadObjects } from "hyparquet"
import { creditedTurns } from "./credited-turns.ts"
import { numberConfig, numberPlugins } from "./number-plugins.ts"

const fixture = (name: string) => new URL(`fixtures/export/${name}`, import.meta.url)
const bufferOf = (bytes: Uint8Array) => new Uint8Array(bytes).buffer

const rewardsOf = ({ rows }: ExportTable) => rows.map(({ reward }) => reward)
const textOf = (value: unknown) => (Array.isArray(value) ? String(value[0]?.content) : "")
const pairsOf = ({ rows }: ExportTable) =>
  rows.map(({ chosen, rejected, task, round }) => `${task} ${round}: ${textOf(chosen)} > ${textOf(rejected)}`)

describe("layouts", () => {
  it.each(exportLayouts)("%s is what TRL was shown to take", async (layout) => {
    const table = layOutTurns(creditedTurns, layout)
    expect(jsonLinesOf(table)).toBe(readFileSync(fixture(`${layout}.jsonl`), "utf8"))
    const golden = await parquetReadObjects({ file: bufferOf(readFileSync(fixture(`${layout}.parquet`))) })
    expect(golden).toEqual(table.rows)
    expect(await parquetReadObjects({ file: bufferOf(await parquetOf(table)) })).toEqual(table.rows)
  })

  it("keep what a filter asks for", () => {
    const rewards = (options: Parameters<typeof layOutTurns>[2]) =>
      rewardsOf(layOutTurns(creditedTurns, "prompt-completion", options))
    expect(rewards({ role: "reviewer" })).toEqual([0.5, -0.5, 0.5, 0])
    expect(rewards({ agent: "ada", minCredit: 0.75 })).toEqual([1, 1, 1, 1, 1, 1, 0.75])
    expect(rewards({ agent: "nobody" })).toEqual([])
  })

  it("pair what differs enough: the best with the worst, or everything", () => {
    const pairs = (options: Parameters<typeof layOutTurns>[2]) =>
      pairsOf(layOutTurns(creditedTurns, "preference", { agent: "ada", ...options }))
    // Round 3 of the first dialogue has four times the same.
    expect(pairs({})).toEqual(['apples 1: 12-2=10.\nFinal answer: 10 > I "pass".', "stamps 1: 𝟜 € > "])
    expect(pairs({ margin: 1.9 })).toHaveLength(1)
    expect(pairs({ margin: 2.1 })).toEqual([])
    expect(pairs({ minCredit: 0.8 })).toHaveLength(1)
    // 2 right x 2 wrong, and all 6 of four different credits.
    expect(pairs({ pairs: "all" })).toHaveLength(4 + 6)
    expect(pairs({ pairs: "all", margin: 0.5 })).toHaveLength(4 + 5)
  })

  it("call good what earned enough", () => {
    const labels = (options: Parameters<typeof layOutTurns>[2]) =>
      layOutTurns(creditedTurns, "unpaired-preference", { role: "reviewer", ...options }).rows.map(
        ({ label }) => label
      )
    expect(labels({})).toEqual([true, false, true, false])
    expect(labels({ minCredit: 0 })).toEqual([true, false, true, true])
    const steps = layOutTurns(creditedTurns, "stepwise", { minCredit: 1 }).rows.map((row) => row.labels)
    expect(steps).toEqual([[false, false, true], [false]])
  })

  it("need no prompt for steps, and have no row without one otherwise", () => {
    const old = creditedTurns.map(({ prompt: _, ...turn }) => turn)
    expect(layOutTurns(old, "prompt-completion").rows).toEqual([])
    expect(layOutTurns(old, "stepwise")).toEqual(layOutTurns(creditedTurns, "stepwise"))
  })

  it("can be empty", async () => {
    for (const layout of exportLayouts) {
      const table = layOutTurns([], layout)
      expect(jsonLinesOf(table)).toBe("")
      expect(await parquetReadObjects({ file: bufferOf(await parquetOf(table)) })).toEqual([])
    }
  })
})

describe("JSON lines", () => {
  it("show by a decimal point that a column of credits holds fractions", () => {
    const turns = creditedTurns
      .slice(0, 1)
      .map((turn) => ({ ...turn, texts: ["a", "b"], rewards: [1, -0.5] }))
    const lines = jsonLinesOf(layOutTurns(turns, "prompt-completion")).trimEnd().split("\n")
    expect(lines.map((line) => /"reward":([^,]*),/.exec(line)?.[1])).toEqual(["1.0", "-0.5"])
    expect(lines.map((line) => /"round":([^,]*),/.exec(line)?.[1])).toEqual(["1", "1"])
  })
})

describe("writeTable", () => {
  it.effect("leaves a whole file and nothing else, and says where it could not", () =>
    Effect.gen(function* () {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "tracer-"))),
        (path) => Effect.sync(() => rmSync(path, { recursive: true }))
      )
      const table = layOutTurns(creditedTurns, "stepwise")
      yield* writeTable(join(folder, "new", "steps.jsonl"), "jsonl", table)
      expect(readdirSync(join(folder, "new"))).toEqual(["steps.jsonl"])
      expect(readFileSync(join(folder, "new", "steps.jsonl"), "utf8")).toBe(jsonLinesOf(table))
      const error = yield* Effect.flip(writeTable(join(folder, "new"), "parquet", table))
      expect(error).toMatchObject({ _tag: "StoreError", path: join(folder, "new") })
    })
  )
})

describe("turns to export", () => {
  const policies = { model: { use: "guesser", delay: 0 } }
  const config = { ...numberConfig, policies, training: { batchSize: 4, groupSize: 3, forkSamples: 2 } }
  const tasks = Array.from({ length: 6 }, (_, i) => ({ id: `q${i}`, question: `Question ${i}?`, gold: "42" }))

  it.effect("are in the log of a training, with what was asked", () =>
    Effect.gen(function* () {
      const team = yield* makeTeam(config, numberPlugins)
      const events: Array<TracerEvent> = []
      yield* team.train(tasks, (event) => events.push(event))
      const log = memoryEventLog()
      yield* log.append(events)
      const turns = yield* loggedTurns(log)
      expect(new Set(turns.map(({ task }) => task)).size).toBe(6)
      for (const { question, prompt, texts, rewards, role } of turns) {
        expect(prompt).toEqual([{ role: "user", content: question }])
        expect(rewards).toHaveLength(texts.length)
        if (role === "proposer") expect(rewards).toEqual(texts.map((text) => (text === "42" ? 1 : -1)))
      }
      const skipped = events.map((event) =>
        event.type === "credit-assigned" ? { ...event, weight: 0 } : event
      )
      const unjudged = memoryEventLog()
      yield* unjudged.append(skipped)
      expect(yield* loggedTurns(unjudged)).toEqual([])
    })
  )

  it.effect("are played for it, the same under the same seed, and teach the team nothing", () =>
    Effect.gen(function* () {
      const team = yield* makeTeam(config, numberPlugins)
      const snapshot = () =>
        JSON.stringify(
          [...team.assembly.game.controllers.values()].map((controller) => controller.snapshot())
        )
      const before = snapshot()
      const done: Array<number> = []
      const turns = yield* playedTurns(team.assembly, tasks, { onProgress: (count) => done.push(count) })
      expect(done).toEqual([4, 6])
      expect(snapshot()).toBe(before)
      expect(turns.every(({ texts, rewards }) => texts.length === 3 && rewards.length === 3)).toBe(true)
      expect(new Set(turns.map(({ episode }) => episode))).toEqual(new Set([0, 1, 2, 3, 4, 5]))
      expect(yield* playedTurns(team.assembly, tasks)).toEqual(turns)
      expect(yield* playedTurns(team.assembly, tasks, { seed: 9 })).not.toEqual(turns)
    })
  )
})
