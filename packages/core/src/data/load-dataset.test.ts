import { appendFileSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { absent } from "../../test/dataset-golds.ts"
import { createRegistry } from "../registry/registry.ts"
import { graderFor } from "../task/grader-for.ts"
import { datasetFolder } from "./dataset-cache.ts"
import { datasets } from "./datasets.ts"
import { sha256Of } from "./digest.ts"
import { fetchDataset } from "./fetch-dataset.ts"
import { loadDataset } from "./load-dataset.ts"
import { datasetOfTasks, taskPlugins } from "./plugins.ts"

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "tracer-data-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

describe("loadDataset", () => {
  it.effect("says how to get what is not there", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const error = yield* Effect.flip(loadDataset("gsm8k", { split: "test", cache }))
      expect(error).toMatchObject({
        _tag: "StoreError",
        message: `The data set gsm8k (test) is not in ${cache}.`
      })
      expect(error.hint).toContain("tracer data fetch gsm8k --split test")
      const gated = yield* Effect.flip(loadDataset("gpqa-diamond", { cache }))
      expect(gated.hint).toMatch(/tracer data fetch gpqa-diamond\n.*accept the conditions.*HF_TOKEN/)
    })
  )

  it.effect("reads what was fetched in its publisher's columns, for its graders", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      yield* fetchDataset({ name: "math500", cache, from: fixture("latex.jsonl") })
      yield* fetchDataset({ name: "gpqa-diamond", cache, from: fixture("science.csv") })
      yield* fetchDataset({ name: "gsm8k", split: "train", cache, from: fixture("words-snappy.parquet") })
      const [latex, science, words] = [
        yield* loadDataset("math500", { cache }),
        yield* loadDataset("gpqa-diamond", { cache }),
        yield* loadDataset("gsm8k", { split: "train", cache, limit: 2 })
      ]
      const described = [latex, science, words].map((tasks) =>
        tasks.map((task) => [task.id, task.dataset, graderFor(task).gold(task.gold ?? "").kind])
      )
      expect(described).toEqual([
        [
          ["test/made-up/1.json", "math", "answer"],
          ["test/made-up/2.json", "math", "answer"]
        ],
        [
          ["recA", "gpqa", "answer"],
          ["recB", "gpqa", "answer"]
        ],
        [
          ["1", "gsm8k", "answer"],
          ["2", "gsm8k", "answer"]
        ]
      ])
    })
  )

  it.effect("refuses a file that has changed since it was fetched", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const { file } = yield* fetchDataset({ name: "math500", cache, from: fixture("latex.jsonl") })
      appendFileSync(file, '{"problem":"1?","answer":"1"}\n')
      const errors = [
        yield* Effect.flip(loadDataset("math500", { cache })),
        yield* Effect.flip(fetchDataset({ name: "math500", cache }))
      ]
      for (const error of errors) {
        expect(error.message).toContain("has changed since it was fetched")
        expect(error.hint).toContain("tracer data fetch")
      }
    })
  )

  it.effect("looks where the environment says", () =>
    Effect.gen(function* () {
      const among = (variables: Record<string, string>) =>
        Effect.provideService(
          datasetFolder(),
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown(variables)
        )
      expect(yield* among({ TRACER_CACHE: "/own", XDG_CACHE_HOME: "/xdg" })).toBe(join("/own", "datasets"))
      expect(yield* among({ TRACER_CACHE: "", XDG_CACHE_HOME: "/xdg" })).toBe(
        join("/xdg", "tracer", "datasets")
      )
      expect(yield* among({})).toMatch(/\.cache.tracer.datasets$/)
    })
  )

  const train = fileURLToPath(new URL("../../../../../shared/datasets/gsm8k/train.jsonl", import.meta.url))
  it.effect("reads GSM8K's own training file, whose digest is the one that is stated", (context) =>
    Effect.gen(function* () {
      if (!existsSync(train)) return context.skip(absent("gsm8k/train.jsonl"))
      const stated = datasets[0]?.splits[0]
      expect(yield* Effect.promise(() => sha256Of(train))).toBe(stated?.sha256)
      const tasks = yield* loadDataset("gsm8k", { split: "train", file: train })
      expect(tasks).toHaveLength(stated?.tasks ?? 0)
    })
  )
})

describe("the tasks plug-ins", () => {
  const registry = createRegistry(taskPlugins)

  it("are files by their formats, data sets by their names, and arithmetic", () => {
    expect(registry.names("tasks")).toEqual([
      ...["arithmetic", "csv", "gpqa-diamond", "gsm8k", "jsonl", "math500", "parquet"]
    ])
  })

  it.effect("take fields and a selection", () =>
    Effect.gen(function* () {
      const file = fixture("latex.jsonl")
      const fields = { question: "problem" }
      const ids = (share: { readonly from?: number; readonly to?: number }) =>
        Effect.map(
          registry.make("tasks", { use: "jsonl", file, fields, share }, { seed: 1 }, "tasks.train"),
          (tasks) => tasks.map(({ id }) => id)
        )
      const [train, test] = [yield* ids({ to: 0.5 }), yield* ids({ from: 0.5 })]
      expect([...train, ...test].toSorted()).toEqual(["1", "2"])
      const use = { use: "gsm8k", split: "test", file: fixture("words.jsonl"), sample: { count: 2 } }
      expect(yield* registry.make("tasks", use, { seed: 1 }, "tasks.test")).toHaveLength(2)
      const wrong = { use: "csv", file, share: { to: 2 } }
      const error = yield* Effect.flip(registry.make("tasks", wrong, { seed: 1 }, "tasks.test"))
      expect(error.message).toContain("tasks.test.share.to")
    })
  )

  it("tell which prompts and grader their tasks ask for", () => {
    const uses = [
      { use: "gsm8k" },
      { use: "math500" },
      { use: "gpqa-diamond" },
      { use: "arithmetic" },
      { use: "csv" },
      { use: "csv", dataset: "math" }
    ]
    expect(uses.map(datasetOfTasks)).toEqual(["gsm8k", "math", "gpqa", "arithmetic", undefined, "math"])
  })
})
