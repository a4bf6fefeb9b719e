import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { BenchmarkSummary, benchmarkFiles, writeJsonFile } from "@tracer-sdk/core"
import { Effect } from "effect"
import { benchmarkExample } from "./benchmark-example.ts"
import { tracerHere } from "./tracer.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracer-report-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const report = (...args: ReadonlyArray<string>) => tracerHere([], "report", ...args)

describe("tracer report", () => {
  it.effect("writes a benchmark's report where the benchmark is, or elsewhere", () =>
    Effect.gen(function* () {
      const [directory, elsewhere] = [join(folder, "bench"), join(folder, "elsewhere")]
      yield* writeJsonFile(benchmarkFiles(directory).summary, BenchmarkSummary, benchmarkExample())
      const { code, stdout } = yield* report("--bench", directory)
      expect(code).toBe(0)
      expect(stdout).toBe(
        `Open ${join(directory, "report.html")} in a browser, or read ${join(directory, "report.md")}.\n`
      )
      yield* report("--bench", directory, "--out", elsewhere)
      const [here, there] = yield* Effect.promise(() =>
        Promise.all([directory, elsewhere].map((place) => readFile(join(place, "report.html"), "utf8")))
      )
      expect(there).toBe(here)
      expect(existsSync(join(elsewhere, "report", "efficiency-arithmetic.svg"))).toBe(true)
    })
  )

  it.effect("says what to give where there is no benchmark and no run", () =>
    Effect.gen(function* () {
      const empty = join(folder, "empty")
      yield* Effect.promise(() => mkdir(empty))
      for (const [args, message] of [
        [[], "Neither --bench nor --run is given"],
        [["--bench", empty, "--run", empty], "--bench and --run are given both"],
        [["--bench", empty], "holds no summary of a benchmark"],
        [["--bench", join(folder, "nowhere")], "there is no folder"],
        [["--run", empty], "holds no saved team"]
      ] as const) {
        const { code, stdout, stderr } = yield* report(...args)
        expect(stderr).toContain(message)
        expect(stderr).toContain("what to do:")
        expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
      }
    })
  )

  it.effect("refuses a file that is no benchmark's summary", () =>
    Effect.gen(function* () {
      const directory = join(folder, "other")
      yield* Effect.promise(async () => {
        await mkdir(directory)
        await writeFile(join(directory, "summary.json"), "{}")
      })
      const { code, stderr } = yield* report("--bench", directory)
      expect(code).toBe(1)
      expect(stderr).toContain("is not a benchmark's summary")
    })
  )
})
