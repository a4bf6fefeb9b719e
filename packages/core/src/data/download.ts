import { Duration, Effect, Redacted, Schedule, Stream } from "effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import { reasonOf } from "../reason-of.ts"
import { brokenFailure, type DownloadFailure, diskFailure, statusFailure } from "./download-failure.ts"
import type { Kept, PartialFile } from "./partial-file.ts"

/** How far a download is, in bytes; the total is absent where the server does not tell it. */
export interface DownloadProgress {
  readonly received: number
  readonly total?: number
}

/** How a file is downloaded. */
export interface DownloadOptions {
  readonly token?: Redacted.Redacted<string>
  readonly onProgress?: (progress: DownloadProgress) => void
  /** How often a broken connection is taken up again; 4 by default. */
  readonly retries?: number
  /** The first wait before that, in milliseconds, which then doubles; 500 by default. */
  readonly backoff?: number
  /** How long the server may say nothing, in milliseconds; 60,000 by default. */
  readonly patience?: number
}

const huggingFace = "https://huggingface.co"

/** A token is for the server that it is from, and for no other. */
const authorized = (
  request: HttpClientRequest.HttpClientRequest,
  url: string,
  token: Redacted.Redacted<string> | undefined
): HttpClientRequest.HttpClientRequest =>
  token !== undefined && URL.canParse(url) && new URL(url).origin === huggingFace
    ? HttpClientRequest.bearerToken(request, Redacted.value(token))
    : request

const requestFor = (url: string, kept: Kept | undefined) =>
  HttpClientRequest.setHeaders(HttpClientRequest.get(url), {
    // The rest of a compressed answer would be the rest of other bytes.
    "accept-encoding": "identity",
    ...(kept === undefined ? {} : { range: `bytes=${kept.bytes}-`, "if-range": kept.validator })
  })

/** What names this version of a file for good: a strong ETag, else its date. */
const validatorOf = ({ headers }: HttpClientResponse): string | undefined => {
  if (headers["content-encoding"] !== undefined && headers["content-encoding"] !== "identity")
    return undefined
  const etag = headers.etag
  return etag?.startsWith('"') === true ? etag : headers["last-modified"]
}

const numberIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined

/** Where an answer begins in the file, and how long the file is; absent where it is not the part that was asked for. */
const extentOf = (
  { status, headers }: HttpClientResponse,
  kept: Kept | undefined
): { readonly start: number; readonly total: number | undefined } | undefined => {
  if (status !== 206) {
    const isPlain = headers["content-encoding"] === undefined || headers["content-encoding"] === "identity"
    return { start: 0, total: isPlain ? numberIn(headers["content-length"]) : undefined }
  }
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "") ?? []
  return kept !== undefined && numberIn(start) === kept.bytes
    ? { start: kept.bytes, total: numberIn(total) }
    : undefined
}

const disk = <A>(file: string, work: () => Promise<A>): Effect.Effect<A, DownloadFailure> =>
  Effect.tryPromise({ try: work, catch: (cause) => diskFailure(file, reasonOf(cause), cause) })

/** What the innermost error says: the outer ones name the request, which is known. */
const rootOf = (cause: unknown, depth = 0): string => {
  const inner: unknown =
    typeof cause === "object" && cause !== null
      ? (Reflect.get(cause, "cause") ?? Reflect.get(cause, "reason"))
      : undefined
  return inner === undefined || depth > 8 ? reasonOf(cause) : rootOf(inner, depth + 1)
}

/**
 * Downloads `url` into a partial file, going on with what is there of the same version, and again after a broken
 * connection; gives the number of bytes. Interruption leaves what has come.
 */
export const download = Effect.fnUntraced(function* (
  url: string,
  partial: PartialFile,
  { token, onProgress = () => {}, retries = 4, backoff = 500, patience = 60_000 }: DownloadOptions = {}
) {
  const client = yield* HttpClient.HttpClient
  const silence = () => brokenFailure(url, `nothing came for ${patience / 1000} seconds.`)
  const broken = (cause: unknown) => brokenFailure(url, `the connection broke: ${rootOf(cause)}.`, cause)

  const receive = (response: HttpClientResponse, start: number, total: number | undefined) =>
    Effect.acquireUseRelease(
      disk(partial.path, () => partial.begin(url, start, validatorOf(response))),
      (handle) =>
        Effect.gen(function* () {
          let received = start
          const report = () => onProgress({ received, ...(total === undefined ? {} : { total }) })
          report()
          yield* response.stream.pipe(
            Stream.mapError(broken),
            Stream.timeoutOrElse({
              duration: Duration.millis(patience),
              orElse: () => Stream.fail(silence())
            }),
            Stream.runForEach((bytes) =>
              disk(partial.path, async () => {
                // A nearly full disk takes a part, and says so only when it is asked for more.
                for (let at = 0; at < bytes.length; ) {
                  const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, received)
                  at += bytesWritten
                  received += bytesWritten
                }
                report()
              })
            )
          )
          if (total !== undefined && received !== total) {
            return yield* brokenFailure(url, `it ended after ${received} of ${total} bytes.`)
          }
          yield* disk(partial.path, () => handle.sync())
          return received
        }),
      (handle) => Effect.promise(() => handle.close())
    )

  const attempt = Effect.gen(function* () {
    const kept = yield* disk(partial.path, () => partial.kept(url))
    const response = yield* client.execute(authorized(requestFor(url, kept), url, token)).pipe(
      // Servers without tracing warn of trace headers.
      Effect.provideService(HttpClient.TracerPropagationEnabled, false),
      Effect.mapError(broken),
      Effect.timeoutOrElse({ duration: Duration.millis(patience), orElse: () => Effect.fail(silence()) })
    )
    const { status } = response
    if (status === 416 && kept !== undefined) {
      if (response.headers["content-range"] === `bytes */${kept.bytes}`) return kept.bytes
      yield* disk(partial.path, partial.discard)
      return yield* brokenFailure(url, "the server no longer has the rest of this file.")
    }
    if (status !== 200 && status !== 206) return yield* statusFailure(url, status)
    const extent = extentOf(response, kept)
    if (extent !== undefined) return yield* receive(response, extent.start, extent.total)
    yield* disk(partial.path, partial.discard)
    return yield* brokenFailure(url, "the server sent another part than was asked for.")
  })

  return yield* Effect.retry(attempt, {
    schedule: Schedule.jittered(Schedule.exponential(Duration.millis(backoff))),
    times: retries,
    while: (failure) => failure.retryable
  })
})
