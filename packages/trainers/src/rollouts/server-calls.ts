import { retryModelCall } from "@tracer-sdk/core"
import { Duration, Effect, Schema, Semaphore } from "effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import {
  answerFailure,
  type CallFailure,
  connectionFailure,
  statusFailure,
  timeoutFailure
} from "./call-failure.ts"

/** How a server is called. */
export interface CallSettings {
  /** Without `/v1`. */
  readonly root: string
  /** Names the server in errors; begins a sentence. */
  readonly where: string
  readonly key: string | undefined
  /** What to do about a key that is refused. */
  readonly keyHint: string
  readonly retries: number
  /** Milliseconds. */
  readonly backoff: number
  /** Milliseconds. */
  readonly timeout: number
  readonly concurrency: number
}

/** JSON calls to one server. Interruption aborts the HTTP call. */
export interface ServerCalls {
  readonly where: string
  /** Asks once. */
  readonly get: <S extends Schema.ConstraintDecoder<unknown>>(
    path: string,
    schema: S
  ) => Effect.Effect<S["Type"], CallFailure>
  /** Asks again after failures that may pass. */
  readonly post: <S extends Schema.ConstraintDecoder<unknown>>(
    path: string,
    body: JsonBody,
    schema: S
  ) => Effect.Effect<S["Type"], CallFailure>
  /** Like `post`, where the answer says no more than its status. */
  readonly tell: (path: string, body: JsonBody) => Effect.Effect<void, CallFailure>
}

type JsonBody = Readonly<Record<string, unknown>>

/** Calls to the server at `settings.root`, through the `HttpClient` of the context. */
export const makeServerCalls = Effect.fnUntraced(function* (settings: CallSettings) {
  const { root, where, key, keyHint, retries, backoff, timeout, concurrency } = settings
  const client = yield* HttpClient.HttpClient
  const permits = yield* Semaphore.make(concurrency)

  /** The body of an answer with a status below 400. */
  const ask = (request: HttpClientRequest.HttpClientRequest): Effect.Effect<string, CallFailure> =>
    client.execute(key === undefined ? request : HttpClientRequest.bearerToken(request, key)).pipe(
      Effect.flatMap((response) => Effect.map(response.text, (text) => ({ response, text }))),
      // Servers without tracing warn of trace headers.
      Effect.provideService(HttpClient.TracerPropagationEnabled, false),
      Effect.mapError((cause) => connectionFailure(where, cause)),
      Effect.timeoutOrElse({
        duration: Duration.millis(timeout),
        orElse: () => Effect.fail(timeoutFailure(where, timeout))
      }),
      permits.withPermit,
      Effect.flatMap(({ response: { status, headers }, text }) =>
        status < 400
          ? Effect.succeed(text)
          : Effect.fail(statusFailure(where, status, text, headers["retry-after"], keyHint))
      )
    )

  const decode = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>(
    schema: S,
    text: string
  ): Effect.fn.Return<S["Type"], CallFailure> {
    const parsed = yield* Effect.try({
      try: (): unknown => JSON.parse(text),
      catch: (cause) => answerFailure(where, `it is not JSON: ${text.slice(0, 80)}`, cause)
    })
    return yield* Schema.decodeUnknownEffect(schema)(parsed).pipe(
      Effect.mapError((cause) => answerFailure(where, cause.message, cause))
    )
  })

  const persist = (path: string, body: JsonBody): Effect.Effect<string, CallFailure> =>
    ask(HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(`${root}${path}`), body)).pipe(
      retryModelCall({ retries, backoff })
    )

  const calls: ServerCalls = {
    where,
    get: (path, schema) =>
      Effect.flatMap(ask(HttpClientRequest.get(`${root}${path}`)), (text) => decode(schema, text)),
    post: (path, body, schema) => Effect.flatMap(persist(path, body), (text) => decode(schema, text)),
    tell: (path, body) => Effect.asVoid(persist(path, body))
  }
  return calls
})
