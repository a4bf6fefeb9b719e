import { existsSync } from "node:fs"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { Effect, Semaphore } from "effect"
import { ConfigError, StoreError, type TracerError } from "../errors.ts"
import type { Registry } from "../registry/registry.ts"
import { readJsonFile, writeJsonFile } from "../store/json-file.ts"
import type { AuditConfig, BenchmarkConfig } from "./benchmark-config.ts"
import { BenchmarkSummary } from "./benchmark-summary.ts"
import { makeBudget } from "./budget.ts"
import { CellResult } from "./cell-result.ts"
import { readLedger, writeLedger } from "./ledger.ts"
import { modelPool } from "./model-pool.ts"
import { planBenchmark } from "./plan-benchmark.ts"
import { responseCache } from "./response-cache.ts"
import { type Cell, conditionsOf, resultFile, runCell } from "./run-cell.ts"
import { sqliteResponses } from "./sqlite-responses.ts"
import { type CellOutcome, summarise } from "./summarise.ts"

/** A cell by name, with what it has to do. */
export interface CellName {
  readonly system: string
  readonly dataset: string
  readonly seed: number
  readonly learns: Cell["learns"]
}

/** What a benchmark tells while it runs. */
export type BenchmarkNews =
  /** Once, before anything is run; `seconds` is what a cell took that is done already, where that is known. */
  | {
      readonly kind: "plan"
      readonly cells: ReadonlyArray<CellName & { readonly done: boolean; readonly seconds?: number }>
    }
  | { readonly kind: "cell-start"; readonly cell: CellName }
  | { readonly kind: "batch"; readonly cell: CellName; readonly done: number; readonly of: number }
  /** Another of so many test tasks is done. */
  | { readonly kind: "task"; readonly cell: CellName; readonly of: number }
  | { readonly kind: "cell-end"; readonly cell: CellName; readonly seconds: number }
  | { readonly kind: "cell-failed"; readonly cell: CellName; readonly reason: string }

/** A benchmark to run, or to go on with. */
export interface BenchmarkRun {
  readonly config: BenchmarkConfig
  readonly registry: Registry
  readonly directory: string
  readonly onNews?: (news: BenchmarkNews) => void
}

/** Where a benchmark keeps what. */
export const benchmarkFiles = (directory: string) => ({
  summary: join(directory, "summary.json"),
  ledger: join(directory, "ledger.json"),
  responses: join(directory, "responses.sqlite"),
  cells: join(directory, "cells")
})

/** Memory for answers that may be given again. */
const cacheBytes = 256 * 2 ** 20

const seconds = (): number => performance.now() / 1000

const cellName = ({ system, dataset, seed, learns }: Cell): CellName => ({
  system,
  dataset: dataset.name,
  seed,
  learns
})

const makeFolder = (directory: string) =>
  Effect.tryPromise({
    try: () => mkdir(directory, { recursive: true }),
    catch: (cause) =>
      new StoreError({
        path: directory,
        message: `The folder ${directory} cannot be made: ${String(cause)}`,
        hint: "Choose a folder that can be written.",
        cause
      })
  })

const requirePrices = ({ budget, base }: BenchmarkConfig): Effect.Effect<void, ConfigError> =>
  budget.cost === undefined || base.prices !== undefined
    ? Effect.void
    : new ConfigError({
        path: "budget.cost",
        message: "budget.cost: the base team states no prices, so that no cost is known.",
        hint: "Add prices: { currency: USD, perMillionTokens: { POLICY: { prompt: ..., completion: ... } } } to base."
      })

/** The result that an earlier start has left; `undefined` where there is none. */
const earlierResult = Effect.fnUntraced(function* (cell: Cell, audit: AuditConfig) {
  const file = resultFile(cell)
  if (!existsSync(file)) return undefined
  const result = yield* readJsonFile(file, CellResult, "a benchmark's cell")
  if (result.conditions === conditionsOf(cell, { audit })) return result
  return yield* new StoreError({
    path: cell.directory,
    message: `${cell.directory} holds the result of a cell with another configuration or other tasks.`,
    hint: "Choose another folder for the benchmark, or remove this one to run the cell again."
  })
})

/**
 * Runs a benchmark: every system on every data set under every seed, and writes `summary.json`.
 *
 * A cell is kept as soon as it is done, a training as soon as a batch is: what was stopped goes on there when it is started again, and
 * ends in the same summary. A cell that fails because of a model, a judge or a learner is listed as missing, and tried again by the next
 * start; the summary is written however the run ends. Fails with `ConfigError` for a wrong configuration, with `StoreError` for a folder
 * that holds another benchmark.
 */
export const runBenchmark: (run: BenchmarkRun) => Effect.Effect<BenchmarkSummary, TracerError> =
  Effect.fnUntraced(function* (run: BenchmarkRun) {
    const { config, registry, directory } = run
    const { audit } = config
    const files = benchmarkFiles(directory)
    yield* requirePrices(config)
    const { frame, cells, prices } = yield* planBenchmark(config, registry, files.cells)
    yield* makeFolder(directory)
    let { cells: timed, spent: before } = yield* readLedger(files.ledger)
    const outcomes = new Map<Cell, CellOutcome["result"]>()
    for (const cell of cells) {
      const result = yield* earlierResult(cell, audit)
      if (result !== undefined) outcomes.set(cell, result)
    }
    run.onNews?.({
      kind: "plan",
      cells: cells.map((cell) => {
        const name = cellName(cell)
        const known = timed.find(
          ({ system, dataset, seed }) =>
            system === name.system && dataset === name.dataset && seed === name.seed
        )
        return {
          ...name,
          done: outcomes.has(cell),
          ...(known === undefined ? {} : { seconds: known.seconds })
        }
      })
    })

    const budget = makeBudget(config.budget, before, prices, seconds)
    const cache = config.cache
      ? responseCache(cacheBytes, yield* sqliteResponses(files.responses))
      : undefined
    const pool = yield* modelPool(registry, frame.seeds[0] ?? 1, {
      budget,
      ...(cache === undefined ? {} : { cache })
    })
    const weights = yield* Semaphore.make(1)
    const writing = yield* Semaphore.make(1)

    const attempt = Effect.fnUntraced(function* (cell: Cell) {
      const name = cellName(cell)
      const reached = budget.reached()
      if (reached !== undefined) {
        outcomes.set(cell, { missing: reached })
        return
      }
      run.onNews?.({ kind: "cell-start", cell: name })
      const start = seconds()
      const result = yield* runCell(cell, {
        ...{ registry, pool, audit },
        onBatch: (done, of) => run.onNews?.({ kind: "batch", cell: name, done, of }),
        onTask: () => run.onNews?.({ kind: "task", cell: name, of: cell.dataset.test.length })
      })
      yield* writeJsonFile(resultFile(cell), CellResult, result)
      outcomes.set(cell, result)
      const took = seconds() - start
      timed = [...timed, { system: name.system, dataset: name.dataset, seed: name.seed, seconds: took }]
      yield* keepLedger
      run.onNews?.({ kind: "cell-end", cell: name, seconds: took })
    })
    const fail = (cell: Cell, { message }: TracerError) => {
      const reason = budget.reached() ?? message
      outcomes.set(cell, { missing: reason })
      run.onNews?.({ kind: "cell-failed", cell: cellName(cell), reason })
      return Effect.void
    }
    const keepLedger = writing.withPermit(
      Effect.suspend(() => writeLedger(files.ledger, { version: 1, spent: budget.spent(), cells: timed }))
    )
    const summary = Effect.sync(() =>
      summarise(
        frame,
        cells.map((cell) => ({ cell, result: outcomes.get(cell) ?? { missing: "not run yet" } }))
      )
    )
    const keepSummary = Effect.flatMap(summary, (found) =>
      writeJsonFile(files.summary, BenchmarkSummary, found)
    )

    yield* Effect.forEach(
      cells.filter((cell) => !outcomes.has(cell)),
      (cell) => {
        const tried = attempt(cell).pipe(
          Effect.catchTags({
            PolicyError: (error) => fail(cell, error),
            CreditError: (error) => fail(cell, error),
            LearnerError: (error) => fail(cell, error)
          })
        )
        // The tensors of a backend are one store, and a training is one folder.
        return cell.learns === "nothing" ? tried : weights.withPermit(tried)
      },
      { concurrency: config.concurrency, discard: true }
    ).pipe(Effect.ensuring(Effect.ignore(Effect.andThen(keepLedger, keepSummary))))
    yield* keepSummary
    return yield* summary
  }, Effect.scoped)
