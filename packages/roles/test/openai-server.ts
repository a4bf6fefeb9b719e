import type { ServerResponse } from "node:http"
import { Effect, Schema } from "effect"
import { type Loopback, serveLoopback } from "../../core/test/serve-loopback.ts"

/** What the server was sent. */
const ChatRequest = Schema.Struct({
  model: Schema.String,
  messages: Schema.Array(Schema.Struct({ role: Schema.String, content: Schema.String })),
  temperature: Schema.optionalKey(Schema.Finite),
  max_tokens: Schema.optionalKey(Schema.Int),
  top_p: Schema.optionalKey(Schema.Finite),
  top_k: Schema.optionalKey(Schema.Int),
  stop: Schema.optionalKey(Schema.Array(Schema.String)),
  seed: Schema.optionalKey(Schema.Int),
  continue_final_message: Schema.optionalKey(Schema.Boolean),
  add_generation_prompt: Schema.optionalKey(Schema.Boolean)
})
type ChatRequest = typeof ChatRequest.Type
const decodeRequest = Schema.decodeUnknownSync(Schema.fromJsonString(ChatRequest))

/** How the server answers a call; `never` leaves it open. */
export type Answer =
  | {
      readonly say: string
      readonly finish?: string
      readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number }
    }
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly raw: string }
  | "never"

export interface ChatServer extends Loopback {
  readonly requests: ReadonlyArray<ChatRequest & { readonly key: string | undefined }>
}

const send = (response: ServerResponse, answer: Exclude<Answer, "never">, model: string): void => {
  if ("raw" in answer) {
    response.writeHead(200, { "content-type": "application/json" }).end(answer.raw)
    return
  }
  if ("status" in answer) {
    response
      .writeHead(answer.status, { "content-type": "application/json", ...answer.headers })
      .end(JSON.stringify({ error: { message: answer.body, type: "error", code: answer.body } }))
    return
  }
  const { say, finish = "stop", usage } = answer
  const total = usage === undefined ? {} : { total_tokens: usage.prompt_tokens + usage.completion_tokens }
  const message = { role: "assistant", content: say }
  response.writeHead(200, { "content-type": "application/json" }).end(
    JSON.stringify({
      id: "c",
      object: "chat.completion",
      created: 0,
      model,
      choices: [{ index: 0, message, finish_reason: finish }],
      ...(usage === undefined ? {} : { usage: { ...usage, ...total } })
    })
  )
}

/** A server on loopback that speaks the chat-completions protocol; `answer` is told the number of the call, from 0. */
export const chatServer = (answer: (call: number) => Answer) =>
  Effect.suspend(() => {
    const requests: Array<ChatServer["requests"][number]> = []
    return serveLoopback(async ({ request, body, response, closed }) => {
      const asked = decodeRequest(body)
      const given = request.url === "/v1/chat/completions" ? answer(requests.length) : undefined
      requests.push({ ...asked, key: request.headers.authorization })
      if (given === "never" || closed()) return
      // The next turn of the event loop, so that calls made together meet here.
      setImmediate(() => send(response, given ?? { status: 404, body: "no such path" }, asked.model))
    }).pipe(Effect.map((loopback): ChatServer => ({ ...loopback, requests })))
  })
