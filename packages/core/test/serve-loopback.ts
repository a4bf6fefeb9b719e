import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { Effect, type Scope } from "effect"

/** A server on loopback, and what it has seen of its clients. */
export interface Loopback {
  /** As in `http://127.0.0.1:8000/v1`. */
  readonly url: string
  /** Calls that the client gave up. */
  readonly aborted: () => number
  /** The most calls under way at the same time. */
  readonly busiest: () => number
}

/** A call as it came in. */
export interface LoopbackCall {
  readonly request: IncomingMessage
  readonly body: string
  readonly response: ServerResponse
  /** Whether the connection is gone or the answer is out. */
  readonly closed: () => boolean
}

/** Serves on a free port of loopback until the scope ends; open connections are cut then. */
export const serveLoopback = (
  handle: (call: LoopbackCall) => Promise<void>
): Effect.Effect<Loopback, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      let aborted = 0
      let busy = 0
      let busiest = 0
      const server = createServer((request, response) => {
        void (async () => {
          busiest = Math.max(busiest, ++busy)
          let closed = false
          response.once("close", () => {
            busy--
            closed = true
            if (!response.writableFinished) aborted++
          })
          let body = ""
          for await (const part of request) body += String(part)
          await handle({ request, body, response, closed: () => closed })
        })()
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const url = `http://127.0.0.1:${port}/v1`
      return { loopback: { url, aborted: () => aborted, busiest: () => busiest }, server }
    }),
    ({ server }) =>
      Effect.promise(async () => {
        server.closeAllConnections()
        await new Promise<void>((resolve) => server.close(() => resolve()))
      })
  ).pipe(Effect.map(({ loopback }) => loopback))
