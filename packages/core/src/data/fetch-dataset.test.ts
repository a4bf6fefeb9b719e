import { createHash } from "node:crypto"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { ConfigProvider, Effect, Fiber } from "effect"
import { type LoopbackCall, serveLoopback } from "../../test/serve-loopback.ts"
import type { DownloadProgress } from "./download.ts"
import { type FetchDatasetOptions, fetchDataset } from "./fetch-dataset.ts"
import { loadDataset } from "./load-dataset.ts"

/** Rows as GSM8K's, made up. */
const content = Array.from({ length: 300 }, (_, i) =>
  JSON.stringify({ question: `What is ${i} + ${i}? `.repeat(8), answer: `It is ${2 * i}.\n#### ${2 * i}` })
).join("\n")
const bytes = Buffer.from(content)
const sha256 = createHash("sha256").update(bytes).digest("hex")

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "tracer-data-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** What the server does with a call; the calls are counted from 0. */
type Answer = (call: LoopbackCall, index: number) => void | Promise<void>

/** A server of one file, and the `Range` of every call that it got. */
const serve = Effect.fnUntraced(function* (answer: Answer) {
  const ranges: Array<string | undefined> = []
  const { url } = yield* serveLoopback(async (call) => {
    ranges.push(call.request.headers.range)
    await answer(call, ranges.length - 1)
  })
  return { url: `${url}/test.jsonl`, ranges }
})

const startOf = ({ request }: LoopbackCall): number =>
  Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0)

/** How far a client is: a server breaks the connection only after the client has what it is to have. */
const watch = () => {
  let reached = 0
  const waiting: Array<{ readonly bytes: number; readonly go: () => void }> = []
  return {
    onProgress: ({ received }: DownloadProgress): void => {
      reached = received
      for (const { bytes: wanted, go } of waiting) if (wanted <= reached) go()
    },
    has: (wanted: number): Promise<void> =>
      new Promise((go) => {
        if (wanted <= reached) go()
        else waiting.push({ bytes: wanted, go })
      })
  }
}
type Watch = ReturnType<typeof watch>

interface Sent {
  readonly etag?: string
  readonly body?: Buffer
  /** The connection breaks when the client has so many bytes. */
  readonly until?: readonly [bytes: number, client: Watch]
}

/** Sends the file, or the part of this version that is asked for. */
const send = async (call: LoopbackCall, { etag = '"v1"', body = bytes, until }: Sent = {}) => {
  const { request, response } = call
  const start = request.headers["if-range"] === etag ? startOf(call) : 0
  response.setHeader("etag", etag)
  response.setHeader("content-length", body.length - start)
  if (start > 0) response.setHeader("content-range", `bytes ${start}-${body.length - 1}/${body.length}`)
  response.writeHead(start > 0 ? 206 : 200)
  if (until === undefined) {
    response.end(body.subarray(start))
    return
  }
  const [end, client] = until
  response.write(body.subarray(start, end))
  await client.has(end)
  response.destroy()
}

const asked = (
  cache: string,
  from: string,
  more: Partial<FetchDatasetOptions> = {}
): FetchDatasetOptions => ({
  name: "gsm8k",
  split: "test",
  cache,
  from,
  backoff: 1,
  retries: 0,
  ...more
})

const fileIn = (cache: string) => join(cache, "gsm8k/test.jsonl")

describe("fetchDataset", () => {
  it.live("downloads with progress, records the digest, and is found by the plug-in's loader", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const { url, ranges } = yield* serve((call) => send(call))
      const seen: Array<number> = []
      const onProgress: FetchDatasetOptions["onProgress"] = ({ received, total }) => {
        expect(total).toBe(bytes.length)
        seen.push(received)
      }
      const fetched = yield* fetchDataset(asked(cache, url, { onProgress }))
      expect(fetched).toEqual({
        name: "gsm8k",
        split: "test",
        file: fileIn(cache),
        lock: { source: url, sha256, bytes: bytes.length },
        tasks: 300,
        expected: 1319,
        present: false
      })
      expect([seen.at(0), seen.at(-1)]).toEqual([0, bytes.length])
      expect(readFileSync(fileIn(cache), "utf8")).toBe(content)
      expect(existsSync(`${fileIn(cache)}.part`) || existsSync(`${fileIn(cache)}.part.json`)).toBe(false)
      const tasks = yield* loadDataset("gsm8k", { split: "test", cache, limit: 2 })
      expect(tasks.map(({ id, dataset }) => [id, dataset])).toEqual([
        ["1", "gsm8k"],
        ["2", "gsm8k"]
      ])
      // The second time it is there, and the server is not asked.
      expect(yield* fetchDataset(asked(cache, url))).toEqual({ ...fetched, present: true })
      expect(ranges).toEqual([undefined])
    })
  )

  it.live("takes up a broken connection where it broke", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const client = watch()
      const { url, ranges } = yield* serve((call, index) =>
        send(call, index === 0 ? { until: [10_000, client] } : {})
      )
      const fetched = yield* fetchDataset(asked(cache, url, { ...client, retries: 1 }))
      expect(fetched.lock.sha256).toBe(sha256)
      expect(ranges).toEqual([undefined, "bytes=10000-"])
    })
  )

  it.live("goes on in a later run with what an earlier one left", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const client = watch()
      const { url, ranges } = yield* serve((call, index) =>
        send(call, index === 0 ? { until: [12_345, client] } : {})
      )
      const error = yield* Effect.flip(fetchDataset(asked(cache, url, client)))
      expect(error).toMatchObject({
        _tag: "StoreError",
        hint: expect.stringContaining("goes on where it stopped")
      })
      expect(existsSync(fileIn(cache))).toBe(false)
      expect(readFileSync(`${fileIn(cache)}.part`).length).toBe(12_345)
      expect((yield* fetchDataset(asked(cache, url))).lock.sha256).toBe(sha256)
      expect(ranges).toEqual([undefined, "bytes=12345-"])
    })
  )

  it.live("goes on after it was interrupted in the middle", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const client = watch()
      const { url, ranges } = yield* serve(async (call, index) => {
        if (index > 0) {
          await send(call)
          return
        }
        call.response.writeHead(200, { etag: '"v1"', "content-length": bytes.length })
        // The rest never comes.
        call.response.write(bytes.subarray(0, 5_000))
      })
      const running = yield* Effect.forkChild(fetchDataset(asked(cache, url, client)))
      yield* Effect.promise(() => client.has(5_000))
      yield* Fiber.interrupt(running)
      expect(existsSync(fileIn(cache))).toBe(false)
      expect((yield* fetchDataset(asked(cache, url))).lock.sha256).toBe(sha256)
      expect(ranges).toEqual([undefined, "bytes=5000-"])
    })
  )

  it.live("starts anew where the file has changed since, and where the server knows no ranges", () =>
    Effect.gen(function* () {
      for (const later of ["another version", "no ranges"]) {
        const cache = yield* folder
        const client = watch()
        const old = Buffer.alloc(bytes.length, "x")
        const { url } = yield* serve(async (call, index) => {
          if (index === 0) {
            await send(call, { body: old, until: [9_000, client] })
            return
          }
          if (later === "another version") {
            await send(call, { etag: '"v2"' })
            return
          }
          call.response.end(bytes)
        })
        yield* Effect.flip(fetchDataset(asked(cache, url, client)))
        expect((yield* fetchDataset(asked(cache, url))).lock.sha256).toBe(sha256)
      }
    })
  )

  it.live("starts anew where nothing names the version of what is there", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const { url, ranges } = yield* serve(async (call, index) => {
        call.response.writeHead(200, { etag: 'W/"weak"', "content-length": bytes.length })
        if (index > 0) call.response.end(bytes)
        else
          call.response.write(bytes.subarray(0, 7_000), () => setTimeout(() => call.response.destroy(), 20))
      })
      yield* fetchDataset(asked(cache, url, { retries: 1 }))
      expect(ranges).toEqual([undefined, undefined])
    })
  )

  it.live("does not believe a part that was not asked for, nor a rest that is no longer there", () =>
    Effect.gen(function* () {
      for (const status of [206, 416]) {
        const cache = yield* folder
        const client = watch()
        const { url, ranges } = yield* serve(async (call, index) => {
          if (index === 0) {
            await send(call, { until: [9_000, client] })
            return
          }
          if (index > 1) {
            await send(call)
            return
          }
          call.response.writeHead(status, { "content-range": status === 206 ? "bytes 5-9/10" : "bytes */7" })
          call.response.end("false")
        })
        expect((yield* fetchDataset(asked(cache, url, { ...client, retries: 2 }))).lock.sha256).toBe(sha256)
        expect(ranges).toEqual([undefined, "bytes=9000-", undefined])
      }
    })
  )

  it.live("has all where only the end of the answer was lost", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const client = watch()
      const { url } = yield* serve(async ({ response }, index) => {
        if (index > 0) {
          response.writeHead(416, { "content-range": `bytes */${bytes.length}` })
          response.end()
          return
        }
        // Without a length, the server tells the end by a last chunk, which does not come.
        response.writeHead(200, { etag: '"v1"' })
        response.write(bytes)
        await client.has(bytes.length)
        response.destroy()
      })
      const fetched = yield* fetchDataset(asked(cache, url, { ...client, retries: 1 }))
      expect(fetched.lock.sha256).toBe(sha256)
    })
  )

  it.live("follows redirects", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const { url } = yield* serve(async (call) => {
        if (call.request.url === "/v1/moved.jsonl") {
          await send(call)
          return
        }
        call.response.writeHead(302, { location: "/v1/moved.jsonl" })
        call.response.end()
      })
      expect((yield* fetchDataset(asked(cache, url))).lock.source).toBe(url)
    })
  )

  it.live("tries again where the server is busy, and gives up after so many times", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const busy = yield* serve(async (call, index) => {
        if (index === 2) {
          await send(call)
          return
        }
        call.response.writeHead(503)
        call.response.end()
      })
      const error = yield* Effect.flip(fetchDataset(asked(cache, busy.url, { retries: 1 })))
      expect(error.message).toContain("answered with HTTP 503")
      expect((yield* fetchDataset(asked(cache, busy.url))).tasks).toBe(300)
    })
  )

  it.live("says what to do where there is nothing, and where permission is missing", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const { url, ranges } = yield* serve(({ request, response }) => {
        response.writeHead(request.url === "/v1/secret.csv" ? 401 : 404)
        response.end()
      })
      const nothing = yield* Effect.flip(fetchDataset(asked(cache, url, { retries: 3 })))
      expect(nothing.message).toBe(`There is nothing at ${url} (HTTP 404).`)
      expect(nothing.hint).toContain("--from")
      const secret = url.replace("test.jsonl", "secret.csv")
      const refused = yield* Effect.flip(
        fetchDataset({ name: "gpqa-diamond", cache, from: secret, retries: 3, backoff: 1 })
      )
      expect(refused.message).toContain("asks for permission (HTTP 401)")
      expect(refused.hint).toMatch(/HF_TOKEN[\s\S]*accept the conditions/)
      // What asking again cannot change is not asked again.
      expect(ranges).toHaveLength(2)
    })
  )

  it.live("tells of a server that says nothing, and of one that is not there", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const { url } = yield* serve(() => {})
      const silent = yield* Effect.flip(fetchDataset(asked(cache, url, { patience: 50 })))
      expect(silent.message).toContain("nothing came for 0.05 seconds")
      const port = yield* Effect.promise(
        () =>
          new Promise<number>((resolve) => {
            const server = createServer().listen(0, "127.0.0.1", () => {
              const address = server.address()
              const free = typeof address === "object" && address !== null ? address.port : 0
              server.close(() => resolve(free))
            })
          })
      )
      const absent = yield* Effect.flip(fetchDataset(asked(cache, `http://127.0.0.1:${port}/test.jsonl`)))
      expect(absent.message).toMatch(/the connection broke: .*ECONNREFUSED/)
    })
  )

  it.live("keeps nothing of a file with another digest than was asked for", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const { url } = yield* serve((call) => send(call))
      const wrong = "0".repeat(64)
      const error = yield* Effect.flip(fetchDataset(asked(cache, url, { sha256: wrong })))
      expect(error.message).toContain(`its SHA-256 is ${sha256}, not ${wrong}.`)
      expect(existsSync(fileIn(cache)) || existsSync(`${fileIn(cache)}.part`)).toBe(false)
      const right = yield* fetchDataset(asked(cache, url, { sha256: sha256.toUpperCase() }))
      expect(right.lock.sha256).toBe(sha256)
      const later = yield* Effect.flip(fetchDataset(asked(cache, url, { sha256: wrong })))
      expect(later.message).toContain("not what it has to be")
    })
  )

  it.live("holds a later download to the digest of the first, unless told otherwise", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const changed = Buffer.from(`${content}\n{"question":"New?","answer":"#### 1"}`)
      const { url } = yield* serve((call, index) =>
        send(call, index === 0 ? {} : { body: changed, etag: '"v2"' })
      )
      yield* fetchDataset(asked(cache, url))
      const error = yield* Effect.flip(fetchDataset(asked(cache, url, { again: true })))
      expect(error.message).toContain(`before it was ${sha256}`)
      expect(readFileSync(fileIn(cache), "utf8")).toBe(content)
      const digest = createHash("sha256").update(changed).digest("hex")
      const accepted = yield* fetchDataset(asked(cache, url, { again: true, sha256: digest }))
      expect(accepted.tasks).toBe(301)
    })
  )

  it.live("keeps nothing that is not the rows of the data set", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const { url } = yield* serve((call) => void call.response.end("<html>Log in</html>"))
      const page = yield* Effect.flip(fetchDataset(asked(cache, url)))
      expect(page.message).toContain("does not hold the rows of gsm8k")
      expect(existsSync(`${fileIn(cache)}.part`)).toBe(false)
      const unanswered = yield* serve((call) => void call.response.end('{"question":"1?"}'))
      const bare = yield* Effect.flip(fetchDataset(asked(cache, unanswered.url)))
      expect(bare.message).toContain('task "1" has no gold answer')
    })
  )

  it.live("takes a file that is there already, in any of the formats, in place of what was there", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const own = join(cache, "mine.csv")
      writeFileSync(own, 'question,answer\n"1 + 1?","#### 2"\n')
      const { url } = yield* serve((call) => send(call))
      yield* fetchDataset(asked(cache, url))
      const fetched = yield* fetchDataset(asked(cache, own, { again: true }))
      expect(fetched).toMatchObject({ file: join(cache, "gsm8k/test.csv"), tasks: 1, lock: { source: own } })
      const tasks = yield* loadDataset("gsm8k", { split: "test", cache })
      expect(tasks).toEqual([{ id: "1", question: "1 + 1?", gold: "#### 2", dataset: "gsm8k" }])
      const missing = yield* Effect.flip(fetchDataset(asked(cache, "no-such-file.csv", { again: true })))
      expect(missing.message).toContain("no-such-file.csv cannot be copied")
    })
  )

  it.live("sends the token of Hugging Face to nobody else", () =>
    Effect.gen(function* () {
      const cache = yield* folder
      const tokens: Array<string | undefined> = []
      const { url } = yield* serve(async (call) => {
        tokens.push(call.request.headers.authorization)
        return send(call)
      })
      const environment = ConfigProvider.fromUnknown({ HF_TOKEN: "secret" })
      yield* Effect.provideService(
        fetchDataset(asked(cache, url)),
        ConfigProvider.ConfigProvider,
        environment
      )
      expect(tokens).toEqual([undefined])
    })
  )

  it.effect("knows its names", () =>
    Effect.gen(function* () {
      const unknown = yield* Effect.flip(fetchDataset({ name: "gsm9k" }))
      expect(unknown).toMatchObject({ _tag: "ConfigError" })
      expect(unknown.message).toContain("known here: gsm8k, math500, gpqa-diamond")
      const unsaid = yield* Effect.flip(fetchDataset({ name: "gsm8k" }))
      expect(unsaid.message).toContain("has several splits: train, test")
      const other = yield* Effect.flip(fetchDataset({ name: "math500", split: "train" }))
      expect(other.message).toContain('has no split "train"; known here: test')
    })
  )
})
