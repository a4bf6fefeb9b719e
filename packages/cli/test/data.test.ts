import { createHash } from "node:crypto"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { corePlugins } from "@tracer-sdk/core"
import { Effect } from "effect"
import { startTracer, tracerHere } from "./tracer.ts"

const folder = mkdtempSync(join(tmpdir(), "tracer-data-"))
const cache = join(folder, "cache")
const content = Array.from({ length: 200 }, (_, i) =>
  JSON.stringify({ question: `What is ${i} + 1? `.repeat(10), answer: `#### ${i + 1}` })
).join("\n")
const bytes = Buffer.from(content)
const sha256 = createHash("sha256").update(bytes).digest("hex")

/** Sends half of the file to the first call and then nothing, the rest to those that ask for it. */
const ranges: Array<string | undefined> = []
const server = createServer((request, response) => {
  ranges.push(request.headers.range)
  const start = Number(/\d+/.exec(request.headers.range ?? "")?.[0] ?? 0)
  response.writeHead(start > 0 ? 206 : 200, {
    etag: '"v1"',
    "content-length": bytes.length - start,
    ...(start > 0 ? { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {})
  })
  if (ranges.length === 1) response.write(bytes.subarray(0, bytes.length / 2))
  else response.end(bytes.subarray(start))
})
let url = ""
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/test.jsonl`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const fetching = () => ["data", "fetch", "gsm8k", "--split", "test", "--from", url, "--cache", cache]
const here = (...args: ReadonlyArray<string>) => tracerHere(corePlugins, ...args)

describe("tracer data", () => {
  it("goes on after Ctrl-C where it was stopped", async () => {
    const part = join(cache, "gsm8k/test.jsonl.part")
    const stopped = startTracer(folder, ...fetching())
    const half = Math.floor(bytes.length / 2)
    await expect.poll(() => existsSync(part) && readFileSync(part).length, { timeout: 20_000 }).toBe(half)
    stopped.stop()
    expect((await stopped.ended).code).toBe(130)
    expect(existsSync(join(cache, "gsm8k/test.jsonl"))).toBe(false)

    const again = await Effect.runPromise(here(...fetching()))
    expect(again.code).toBe(0)
    expect(again.stdout).toContain("Fetched: gsm8k test, 200 tasks, where the publisher's file has 1,319")
    expect(again.stdout).toContain(sha256)
    expect(again.stdout).toContain(`{ use: gsm8k, split: test, cache: ${cache} }`)
    expect(ranges).toEqual([undefined, `bytes=${half}-`])
    const third = await Effect.runPromise(here(...fetching(), "--json"))
    expect(JSON.parse(third.stdout)).toMatchObject({ present: true, tasks: 200, lock: { sha256 } })
    expect(ranges).toHaveLength(2)
  }, 60_000)

  it.effect("lists what is known and what is there", () =>
    Effect.gen(function* () {
      const list = yield* here("data", "list", "--cache", cache)
      expect(list.stdout).toMatch(/gsm8k +train +7,473 +MIT +no\ngsm8k +test +1,319 +MIT +\d+\.\d kB\n/)
      expect(list.stdout).toContain(`Fetched data sets are in ${cache}.`)
      const json = yield* here("data", "list", "--cache", cache, "--json")
      const rows: unknown = JSON.parse(json.stdout)
      expect(rows).toContainEqual(expect.objectContaining({ name: "gsm8k", split: "test", sha256 }))
      expect(rows).toContainEqual(expect.objectContaining({ name: "math500", file: null }))
    })
  )

  it.effect("shows the tasks of a data set and of a file, and what their grader reads", () =>
    Effect.gen(function* () {
      const known = yield* here(
        ...["data", "show", "gsm8k", "--split", "test", "--cache", cache, "--count", "1"]
      )
      expect(known.stdout).toContain("gold: 1, read by the numeric grader")
      expect(known.stdout).toContain("1 of 200 tasks")
      const file = join(folder, "own.csv")
      writeFileSync(file, 'question,choices,answer\nWhich is even?,"[""3"",""4""]",B\nWhy?,,\n')
      const own = yield* here("data", "show", file)
      expect(own.stdout).toMatch(/A\) [34]\n {4}B\) [34]\n {2}gold: [AB], read by the choice grader/)
      expect(own.stdout).toContain("unreadable by the numeric grader")
    })
  )

  it.effect("shows a file whose columns have other names, as its data set's grader reads it", () =>
    Effect.gen(function* () {
      const exam = join(folder, "exam.csv")
      writeFileSync(exam, "Exercise,Solution\nHalf of x?,\\frac x2\n")
      const columns = ["--field", "question=Exercise", "--field", "answer=Solution"]
      const read = yield* here("data", "show", exam, "--dataset", "math", ...columns)
      expect(read.stdout).toMatch(/Half of x\?\n {2}gold: .+, read by the boxed grader/)
      const letters = join(folder, "letters.csv")
      writeFileSync(letters, "question,answer,right,wrong\nOdd?,1,1,2\n")
      const choices = yield* here("data", "show", letters, "--field", "choices=right, wrong")
      expect(choices.stdout).toMatch(/gold: [AB], read by the choice grader/)
      const unknown = yield* here("data", "show", exam, "--field", "problem=Exercise")
      expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("--field: problem")])
    })
  )

  it.effect("does not pass over flags that say nothing of what is shown", () =>
    Effect.gen(function* () {
      const file = join(folder, "plain.jsonl")
      writeFileSync(file, '{"question":"?","answer":1}\n')
      for (const flags of [
        [file, "--split", "test"],
        [file, "--cache", cache],
        [file, "--count", "0"],
        ["gsm8k", "--split", "test", "--cache", cache, "--dataset", "math"]
      ]) {
        expect(yield* here("data", "show", ...flags)).toMatchObject({ code: 2 })
      }
    })
  )

  it.effect("says what was called wrong", () =>
    Effect.gen(function* () {
      const unsaid = yield* here("data", "fetch", "gsm8k", "--cache", cache)
      expect([unsaid.code, unsaid.stderr]).toEqual([
        2,
        expect.stringContaining("several splits: train, test")
      ])
      const digest = yield* here(...fetching(), "--sha256", "abc")
      expect([digest.code, digest.stderr]).toEqual([2, expect.stringContaining("64 hexadecimal digits")])
      const wrong = yield* here(...fetching(), "--sha256", "0".repeat(64))
      expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("is not what it has to be")])
      const nothing = yield* here("data", "show", "no-such-thing")
      expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining("neither a data set")])
      const absent = yield* here("data", "show", "math500", "--cache", cache)
      expect([absent.code, absent.stderr]).toEqual([
        1,
        expect.stringContaining("Fetch it: tracer data fetch math500")
      ])
    })
  )
})
