import { type FailedModelCall, PolicyError } from "@tracer-sdk/core"

/** What errors say about a chat model. */
export interface ModelLabel {
  /** Names the model and, where known, its URL; begins a sentence. */
  readonly where: string
  /** What its user can do to give it a key, or the right one. */
  readonly keyHint: string
}

const property = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined

/** An error, what caused it, what caused that, and so on, the parts of aggregates included. */
const chainOf = (cause: unknown, depth = 0): ReadonlyArray<unknown> => {
  if (typeof cause !== "object" || cause === null || depth > 8) return []
  const parts = property(cause, "errors")
  return [
    cause,
    ...chainOf(property(cause, "cause"), depth + 1),
    ...(Array.isArray(parts) ? parts.flatMap((part) => chainOf(part, depth + 1)) : [])
  ]
}

const codeOf = (chain: ReadonlyArray<unknown>): string | undefined =>
  chain.map((part) => property(part, "code")).find((code) => typeof code === "string")

const textOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split("\n\nTroubleshooting URL")[0]?.trim() ?? ""

const retryAfterOf = (cause: unknown): number => {
  const headers = property(cause, "headers")
  const header = headers instanceof Headers ? headers.get("retry-after") : property(headers, "retry-after")
  const seconds = Number(header ?? 0)
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0
}

interface Diagnosis {
  readonly what: string
  readonly hint: string
  readonly retryable: boolean
}

const ofStatus = (
  status: number,
  text: string,
  code: string | undefined,
  { keyHint }: ModelLabel
): Diagnosis => {
  if (status === 401 || status === 403) {
    return {
      what: `refused the API key (HTTP ${status})`,
      hint: keyHint,
      retryable: false
    }
  }
  if (status === 404) {
    return {
      what: "does not know the model or the path (HTTP 404)",
      hint: "Check the model's name, and that the base URL ends where the server's documentation says, often in /v1.",
      retryable: false
    }
  }
  if (status === 429 && (code === "insufficient_quota" || text.includes("insufficient_quota"))) {
    return {
      what: "has no quota left for this key (HTTP 429)",
      hint: "Waiting does not help: look at the account's plan and billing.",
      retryable: false
    }
  }
  if (status === 429) {
    return {
      what: "is limiting the rate of calls (HTTP 429)",
      hint: "Lower the option concurrency, or raise retries.",
      retryable: true
    }
  }
  if (status === 408 || status === 409 || status >= 500) {
    return {
      what: `failed (HTTP ${status}): ${text}`,
      hint: "The fault is the server's; try again later.",
      retryable: true
    }
  }
  return {
    what: `rejected the request (HTTP ${status}): ${text}`,
    hint: "Correct what the message names: the model's name, its settings, or the length of the prompt.",
    retryable: false
  }
}

const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH"])
const broken = new Set([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT"
])

const diagnose = (cause: unknown, label: ModelLabel): Diagnosis => {
  const chain = chainOf(cause)
  const code = codeOf(chain)
  const text = textOf(cause)
  const status = chain.map((part) => property(part, "status")).find((value) => typeof value === "number")
  if (status !== undefined) return ofStatus(status, text, code, label)
  if (code !== undefined && unreachable.has(code)) {
    return {
      what: `cannot be reached (${code})`,
      hint: "Check the URL, and that the server is running.",
      retryable: false
    }
  }
  const names = chain.map((part) => property(part, "name"))
  if ((code !== undefined && broken.has(code)) || names.includes("TimeoutError")) {
    return {
      what: `broke the connection: ${code ?? text}`,
      hint: "Check the network, or raise the option timeout.",
      retryable: true
    }
  }
  if (/api ?key|credentials|environment variable/i.test(text)) {
    return {
      what: `needs an API key: ${text}`,
      hint: label.keyHint,
      retryable: false
    }
  }
  if (text.startsWith("Connection error")) {
    return { what: "broke the connection", hint: "Check the URL and the network.", retryable: true }
  }
  return {
    what: `gave an answer that cannot be understood, or could not be set up: ${text}`,
    hint: "Check the model's name and settings, and that the URL speaks the provider's protocol.",
    retryable: false
  }
}

/** Says in a user's words why a chat model failed. */
export const modelFailure = (label: ModelLabel, cause: unknown): FailedModelCall => {
  if (cause instanceof PolicyError) return { error: cause, retryAfter: 0 }
  const { what, hint, retryable } = diagnose(cause, label)
  return {
    error: new PolicyError({
      message: `${label.where} ${what}.`.replace(/\.\.$/, "."),
      hint,
      retryable,
      cause
    }),
    retryAfter: retryAfterOf(cause)
  }
}
