import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { BenchmarkSummary } from "@tracer-sdk/core"
import { Schema } from "effect"
import { startTracer, tracer } from "./tracer.ts"

const folder = mkdtempSync(join(tmpdir(), "tracer-bench-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (...path: ReadonlyArray<string>) => readFileSync(join(folder, ...path), "utf8")
const example = fileURLToPath(new URL("../../../examples/configs/bench-simulated.yaml", import.meta.url))

const decode = (text: string) => Schema.decodeUnknownSync(Schema.fromJsonString(BenchmarkSummary))(text)

describe("tracer bench", () => {
  beforeAll(async () => {
    // The example with fewer tasks, and models that take their time.
    const smaller = readFileSync(example, "utf8")
      .replace("count: 500", "count: 60")
      .replace("count: 300", "count: 40")
      .replace("seeds: [1, 2, 3]", "seeds: [1, 2]")
    writeFileSync(join(folder, "bench.yaml"), smaller)
    writeFileSync(
      join(folder, "slow.yaml"),
      smaller.replace("wrongAnswers: 3", "wrongAnswers: 3\n      delay: 1")
    )
    writeFileSync(join(folder, "budget.yaml"), `${smaller}\nbudget: { calls: 400 }\n`)
    const whole = await tracer(folder, "bench", "--config", "bench.yaml", "--out", "whole")
    expect(whole.stderr).not.toContain("error")
    expect(whole.code).toBe(0)
    expect(whole.stdout).toContain("simulated on arithmetic: 40 tasks, 2 seeds")
    expect(whole.stdout).toMatch(/^ {3}single +[\d.]+% .* the baseline$/m)
    expect(whole.stdout).toMatch(/^ {3}regret matching greedy +[\d.]+% /m)
    expect(whole.stdout.split("\n").every((line) => line.length <= 100)).toBe(true)
    expect(whole.stderr).toMatch(/\[#+\.*\] \d+\/24 cells {2}\d+:\d\d, about \d+:\d\d left/)
    expect(whole.stdout + whole.stderr).not.toContain("\u001b")
  }, 60_000)

  it("writes a summary that another run repeats byte for byte, and a report", async () => {
    const again = await tracer(folder, "bench", "--config", "bench.yaml", "--out", "again", "--json")
    expect(again.code).toBe(0)
    expect(again.stderr).toBe("")
    expect(read("again", "summary.json")).toBe(read("whole", "summary.json"))
    expect(read("again", "report.md")).toBe(read("whole", "report.md"))
    expect(read("again", "report.html")).toBe(read("whole", "report.html"))
    const summary = decode(again.stdout)
    expect(summary).toEqual(decode(read("whole", "summary.json")))
    expect(summary.missing).toEqual([])
    expect(summary.audits.length).toBe(24)
  })

  it("stops on Ctrl-C with 130, says how to go on, and ends in the same summary", async () => {
    const args = ["bench", "--config", "slow.yaml", "--out", "stopped"]
    const { ended, stop } = startTracer(folder, ...args)
    while (!existsSync(join(folder, "stopped", "ledger.json"))) await sleep(20)
    stop()
    const stopped = await ended
    expect(stopped.code).toBe(130)
    expect(stopped.stderr).toMatch(/Stopped after \d+ of 24 cells\. What was done is kept\./)
    expect(stopped.stderr).toContain(`  tracer ${args.join(" ")}\n`)
    expect(decode(read("stopped", "summary.json")).missing.length).toBeGreaterThan(0)
    const resumed = await tracer(folder, ...args)
    expect(resumed.code).toBe(0)
    // How long a model takes changes nothing.
    expect(read("stopped", "summary.json")).toBe(read("whole", "summary.json"))
  })

  it("ends with 1 and a list of what is missing where the budget is used up", async () => {
    const short = await tracer(folder, "bench", "--config", "budget.yaml", "--out", "short")
    expect(short.code).toBe(1)
    expect(short.stdout).toContain("the budget of 400 calls is used up:")
    expect(short.stderr).toMatch(/error: \d+ cells of the benchmark could not be run\./)
    expect(existsSync(join(folder, "short", "report.html"))).toBe(true)
  })

  it("refuses a wrong configuration with 2", async () => {
    writeFileSync(
      join(folder, "wrong.yaml"),
      read("bench.yaml").replace("baseline: single", "baseline: best")
    )
    const wrong = await tracer(folder, "bench", "--config", "wrong.yaml", "--out", "never")
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toContain('baseline: there is no system "best"')
    expect(existsSync(join(folder, "never"))).toBe(false)
  })
})
