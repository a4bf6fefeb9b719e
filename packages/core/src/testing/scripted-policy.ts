import { Effect } from "effect"
import { PolicyError } from "../errors.ts"
import type { Completion, GenerateRequest, Policy, Usage } from "../policy.ts"

/** One expected call, and what is said to it; every stated expectation has to hold. */
export interface ScriptedCall {
  readonly agent?: string
  readonly role?: string
  /** Has to occur in the prompt's last message. */
  readonly asked?: string
  /** One text for each sample asked for, or the error to fail with. */
  readonly say: string | ReadonlyArray<string> | PolicyError
  /** Of each sample; by default the words of prompt and text. */
  readonly usage?: Usage
}

/** A policy that follows a script; the script can be asked whether it was played to its end. */
export interface ScriptedPolicy extends Policy {
  /** The calls met so far. */
  readonly requests: ReadonlyArray<GenerateRequest>
  /** Fails with `PolicyError` where calls of the script were never made. */
  readonly finished: Effect.Effect<void, PolicyError>
}

const words = (text: string): number => text.split(/\s+/).filter((word) => word !== "").length

const drift = (message: string): PolicyError =>
  new PolicyError({
    message,
    hint: "Correct the script, or find out why the run took another turn; a script fits dialogues played one at a time.",
    retryable: false
  })

/** The first thing in which a request differs from the script's call. */
const difference = (request: GenerateRequest, call: ScriptedCall): string | undefined => {
  const last = request.prompt.messages.at(-1)?.content ?? ""
  const texts = typeof call.say === "string" ? 1 : Array.isArray(call.say) ? call.say.length : request.samples
  if (call.agent !== undefined && call.agent !== request.agent) {
    return `agent "${call.agent}", but "${request.agent}" spoke`
  }
  if (call.role !== undefined && call.role !== request.role) {
    return `role "${call.role}", but it was "${request.role}"`
  }
  if (call.asked !== undefined && !last.includes(call.asked)) {
    return `a prompt with "${call.asked}", but its last message was "${last}"`
  }
  if (texts !== request.samples) return `${texts} samples, but ${request.samples} were asked for`
  return undefined
}

const completionOf = (text: string, request: GenerateRequest, usage: Usage | undefined): Completion => ({
  text,
  usage: usage ?? {
    prompt: request.prompt.messages.reduce((sum, message) => sum + words(message.content), 0),
    completion: words(text)
  },
  finish: "stop"
})

/**
 * A policy for tests: it says its script line by line, word by word to who listens, and fails with `PolicyError` as soon as script and run drift
 * apart. A bare string is a call of which nothing is expected.
 */
export const scriptedPolicy = (
  script: ReadonlyArray<string | ScriptedCall>,
  name = "scripted"
): ScriptedPolicy => {
  const requests: Array<GenerateRequest> = []
  const generate: Policy["generate"] = (request) =>
    Effect.suspend(() => {
      const line = script[requests.length]
      requests.push(request)
      const count = requests.length
      if (line === undefined) {
        return Effect.fail(
          drift(
            `The script has ${script.length} calls, but "${request.agent}" made one more as ${request.role}.`
          )
        )
      }
      const call = typeof line === "string" ? { say: line } : line
      const differs = difference(request, call)
      if (differs !== undefined) return Effect.fail(drift(`Call ${count} of the script expects ${differs}.`))
      if (call.say instanceof PolicyError) return Effect.fail(call.say)
      const texts = typeof call.say === "string" ? [call.say] : call.say
      if (request.onText !== undefined) {
        for (const [sample, text] of texts.entries()) {
          for (const word of text.split(/(?<=\s)/)) if (word !== "") request.onText(sample, word)
        }
      }
      return Effect.succeed(texts.map((text) => completionOf(text, request, call.usage)))
    })
  const finished = Effect.suspend(() =>
    requests.length >= script.length
      ? Effect.void
      : Effect.fail(drift(`The script has ${script.length} calls, but only ${requests.length} were made.`))
  )
  return { name, requests, generate, finished }
}
