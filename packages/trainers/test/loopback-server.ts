import type { ServerResponse } from "node:http"
import { Effect } from "effect"
import { type Loopback, serveLoopback } from "../../core/test/serve-loopback.ts"

export type Json = Readonly<Record<string, unknown>>

/** What a route answers with: JSON, or another status or body. */
export type Answer = Json | Refusal
export interface Refusal {
  readonly status: number
  readonly body: Json | string
  readonly headers?: Readonly<Record<string, string>>
}

/** The routes of a server, as in `POST /v1/completions`. */
export type Routes = Readonly<Record<string, (body: Json) => Answer | Promise<Answer>>>

/**
 * What a call goes wrong by: another answer, a changed one, a connection that closes before or after the work, or no answer, before
 * the work or after it.
 */
export type Fault = Refusal | { readonly edit: (answer: Json) => Json } | "close" | "lose" | "never" | "mute"

export interface LoopbackServer extends Loopback {
  readonly calls: ReadonlyArray<{
    readonly route: string
    readonly body: Json
    readonly key: string | undefined
  }>
}

const isRefusal = (answer: Answer): answer is Refusal => typeof answer.status === "number"

const send = (response: ServerResponse, answer: Answer): void => {
  const { status, body, headers } = isRefusal(answer) ? answer : { status: 200, body: answer, headers: {} }
  response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(typeof body === "string" ? body : JSON.stringify(body))
}

/** A server on loopback; `fault` is told the route and the number of the call to it, from 0. */
export const loopbackServer = (
  routes: Routes,
  fault: (route: string, call: number) => Fault | undefined = () => undefined
) =>
  Effect.suspend(() => {
    const calls: Array<LoopbackServer["calls"][number]> = []
    const answerTo = async (route: string, body: Json): Promise<Answer> => {
      const handler = routes[route]
      return handler === undefined ? { status: 404, body: { detail: "Not Found" } } : handler(body)
    }
    return serveLoopback(async ({ request, body: text, response, closed }) => {
      const body: Json = text === "" ? {} : JSON.parse(text)
      const route = `${request.method} ${request.url}`
      const wrong = fault(route, calls.filter((call) => call.route === route).length)
      calls.push({ route, body, key: request.headers.authorization })
      if (wrong === "never") return
      if (wrong === "close") {
        request.socket.destroy()
        return
      }
      if (wrong === "lose" || wrong === "mute") {
        await answerTo(route, body)
        if (wrong === "lose") request.socket.destroy()
        return
      }
      if (wrong !== undefined && !("edit" in wrong)) {
        send(response, wrong)
        return
      }
      const answer = await answerTo(route, body).catch(
        (cause: unknown): Refusal => ({ status: 500, body: { error: { message: String(cause) } } })
      )
      if (closed()) return
      send(response, wrong === undefined || isRefusal(answer) ? answer : wrong.edit(answer))
    }).pipe(Effect.map((loopback): LoopbackServer => ({ ...loopback, calls })))
  })
