import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { Effect, Schema } from "effect"

/** What the server was sent. */
const ChatRequest = Schema.Struct({
  model: Schema.String,
  messages: Schema.Array(Schema.Struct({ role: Schema.String, content: Schema.String })),
  temperature: Schema.optionalKey(Schema.Finite),
  max_tokens: Schema.optionalKey(Schema.Int),
  top_p: Schema.optionalKey(Schema.Finite),
  top_k: Schema.optionalKey(Schema.Int),
  stop: Schema.optionalKey(Schema.Array(Schema.String)),
  seed: Schema.optionalKey(Schema.Int)
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

export interface ChatServer {
  readonly url: string
  readonly requests: ReadonlyArray<ChatRequest & { readonly key: string | undefined }>
  /** Calls that the client gave up. */
  readonly aborted: () => number
  /** The most calls under way at the same time. */
  readonly busiest: () => number
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = ""
  for await (const part of request) body += String(part)
  return body
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
  Effect.acquireRelease(
    Effect.promise(async () => {
      const requests: Array<ChatServer["requests"][number]> = []
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
          const asked = decodeRequest(await bodyOf(request))
          const given = request.url === "/v1/chat/completions" ? answer(requests.length) : undefined
          requests.push({ ...asked, key: request.headers.authorization })
          if (given === "never" || closed) return
          // The next turn of the event loop, so that calls made together meet here.
          setImmediate(() => send(response, given ?? { status: 404, body: "no such path" }, asked.model))
        })()
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const chat: ChatServer = {
        url: `http://127.0.0.1:${port}/v1`,
        requests,
        aborted: () => aborted,
        busiest: () => busiest
      }
      return { chat, server }
    }),
    ({ server }) =>
      Effect.promise(async () => {
        server.closeAllConnections()
        await new Promise<void>((resolve) => server.close(() => resolve()))
      })
  ).pipe(Effect.map(({ chat }) => chat))
