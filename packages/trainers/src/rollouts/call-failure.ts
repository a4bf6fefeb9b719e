import { type FailedModelCall, PolicyError } from "@tracer-sdk/core"

/** A call to a server that did not succeed. */
export interface CallFailure extends FailedModelCall {
  /** HTTP's; undefined where the server did not answer at all. */
  readonly status: number | undefined
  /** What the server said. */
  readonly text: string
}

interface Diagnosis {
  readonly what: string
  readonly hint: string
  readonly retryable: boolean
}

const property = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined

/** An error, what caused it, what caused that, and so on. */
const chainOf = (cause: unknown, depth = 0): ReadonlyArray<unknown> =>
  typeof cause !== "object" || cause === null || depth > 8
    ? []
    : [cause, ...chainOf(property(cause, "cause"), depth + 1)]

/** The sentence in the body of an error: vLLM, llama.cpp and FastAPI each put it elsewhere. */
const sentenceIn = (body: string): string => {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return body.slice(0, 300)
  }
  const candidates = [
    property(property(parsed, "error"), "message"),
    property(parsed, "message"),
    property(parsed, "detail"),
    property(parsed, "error")
  ]
  const found = candidates.find((candidate) => typeof candidate === "string")
  return typeof found === "string" ? found : body.slice(0, 300)
}

const ofStatus = (status: number, text: string, keyHint: string): Diagnosis => {
  if (status === 401 || status === 403) {
    return { what: `refused the API key (HTTP ${status})`, hint: keyHint, retryable: false }
  }
  if (status === 404 || status === 405) {
    return {
      what: `does not know the path or the model (HTTP ${status}): ${text}`,
      hint: "Check the options baseURL, dialect and servedModel. Where the server was started anew, start the run again: it goes on where it stopped, and hands its adapters over.",
      retryable: false
    }
  }
  if (status === 429 || status === 503) {
    return {
      what: `is too busy, or not ready yet (HTTP ${status}): ${text}`,
      hint: "Wait until the server has loaded its model, lower the option concurrency, or raise retries.",
      retryable: true
    }
  }
  if (status === 408 || status === 409 || status >= 500) {
    return {
      what: `failed (HTTP ${status}): ${text}`,
      hint: "Look into the server's log, and start the run again: it goes on where it stopped.",
      retryable: true
    }
  }
  return {
    what: `rejected the request (HTTP ${status}): ${text}`,
    hint: "Correct what the message names, most often the length of prompt and completion together.",
    retryable: false
  }
}

const failureOf = (
  where: string,
  { what, hint, retryable }: Diagnosis,
  details: Partial<Omit<CallFailure, "error">> & { readonly cause?: unknown } = {}
): CallFailure => {
  const { status, text = "", retryAfter = 0, cause } = details
  const message = `${where} ${what}.`.replace(/\.\.$/, ".")
  const because = cause === undefined ? {} : { cause }
  return { error: new PolicyError({ message, hint, retryable, ...because }), status, text, retryAfter }
}

/** A server that answered with a status of 400 or more. */
export const statusFailure = (
  where: string,
  status: number,
  body: string,
  retryAfterSeconds: string | undefined,
  keyHint: string
): CallFailure => {
  const text = sentenceIn(body)
  const seconds = Number(retryAfterSeconds ?? 0)
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0
  return failureOf(where, ofStatus(status, text, keyHint), { status, text, retryAfter })
}

/** A connection that could not be made, or that broke. */
export const connectionFailure = (where: string, cause: unknown): CallFailure => {
  const chain = chainOf(cause)
  const code = chain.map((part) => property(part, "code")).find((found) => typeof found === "string")
  const root = chain.at(-1)
  const unreachable = code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EHOSTUNREACH"
  return failureOf(
    where,
    unreachable
      ? {
          what: `cannot be reached (${code})`,
          hint: "Check the option baseURL, and that the server is running.",
          retryable: true
        }
      : {
          what: `broke the connection: ${code ?? (root instanceof Error ? root.message : "for no known reason")}`,
          hint: "Look into the server's log, and check the network.",
          retryable: true
        },
    { cause }
  )
}

/** A call that took longer than it may. */
export const timeoutFailure = (where: string, timeout: number): CallFailure =>
  failureOf(where, {
    what: `did not answer within ${timeout} ms`,
    hint: "Raise the option timeout, ask for fewer tokens, or lower the option concurrency.",
    retryable: true
  })

/** An answer that is not what the dialect says. */
export const answerFailure = (where: string, reason: string, cause?: unknown): CallFailure =>
  failureOf(
    where,
    {
      what: `gave an answer that cannot be used: ${reason}`,
      hint: "Check that the option dialect names what the server is, and that its version is a recent one.",
      retryable: false
    },
    { cause }
  )
