import { createHash } from "node:crypto"
import { Deferred, Effect, Exit } from "effect"
import type { PolicyError } from "../errors.ts"
import type { Completion, GenerateRequest, Policy } from "../policy.ts"

type Completions = ReadonlyArray<Completion>

/** Keeps completions by key beyond the process; what it cannot give or keep it does without. */
export interface ResponseStore {
  readonly get: (key: string) => Effect.Effect<Completions | undefined>
  readonly set: (key: string, completions: Completions) => Effect.Effect<void>
}

/** Gives again what a policy has once answered. */
export interface ResponseCache {
  /**
   * The policy with its answers kept under `name`. Only a policy that says that it is repeatable is changed, and its weights have to
   * stay as they are.
   */
  readonly keep: (name: string, policy: Policy) => Policy
}

const keyOf = (name: string, { prompt, samples, sampling, seed }: GenerateRequest): string =>
  createHash("sha256")
    .update(JSON.stringify([name, prompt.messages, samples, sampling, seed]))
    .digest("base64")

/** About how many bytes completions take. */
const sizeOf = (completions: Completions): number =>
  completions.reduce(
    (sum, { text, tokens }) =>
      sum +
      200 +
      2 * text.length +
      8 * (tokens === undefined ? 0 : tokens.prompt.length + 2 * tokens.ids.length),
    100
  )

/** Completions by key, those used longest ago leaving first. */
const boundedMap = (bytes: number) => {
  const held = new Map<string, Completions>()
  let size = 0
  return {
    get: (key: string): Completions | undefined => {
      const found = held.get(key)
      if (found === undefined) return undefined
      held.delete(key)
      held.set(key, found)
      return found
    },
    set: (key: string, completions: Completions): void => {
      if (held.has(key)) return
      held.set(key, completions)
      size += sizeOf(completions)
      for (const [oldest, dropped] of held) {
        if (size <= bytes) return
        held.delete(oldest)
        size -= sizeOf(dropped)
      }
    }
  }
}

/** Completions with token ids come from weights in this process or beside it, which draw them again for nothing. */
const isWorthStoring = (completions: Completions): boolean =>
  completions.every(({ tokens }) => tokens === undefined)

/**
 * A cache of at most `bytes` in memory, and of everything that models behind an API say in `store`. Equal requests that are under way
 * at the same time are asked once.
 */
export const responseCache = (bytes: number, store?: ResponseStore): ResponseCache => {
  const memory = boundedMap(bytes)
  const asked = new Map<string, Deferred.Deferred<Completions | undefined>>()

  const find = (key: string): Effect.Effect<Completions | undefined> =>
    store === undefined ? Effect.succeed(undefined) : store.get(key)

  const keepAnswer = (key: string, completions: Completions): Effect.Effect<void> => {
    memory.set(key, completions)
    return store !== undefined && isWorthStoring(completions) ? store.set(key, completions) : Effect.void
  }

  const ask = (key: string, call: Effect.Effect<Completions, PolicyError>) => {
    const answer = Deferred.makeUnsafe<Completions | undefined>()
    asked.set(key, answer)
    const known = Effect.flatMap(find(key), (found) => {
      if (found === undefined) return Effect.tap(call, (given) => keepAnswer(key, given))
      memory.set(key, found)
      return Effect.succeed(found)
    })
    return Effect.onExit(known, (exit) =>
      Effect.suspend(() => {
        asked.delete(key)
        return Deferred.succeed(answer, Exit.isSuccess(exit) ? exit.value : undefined)
      })
    )
  }

  const obtain = (
    key: string,
    call: Effect.Effect<Completions, PolicyError>
  ): Effect.Effect<Completions, PolicyError> =>
    Effect.suspend(() => {
      const held = memory.get(key)
      if (held !== undefined) return Effect.succeed(held)
      const underWay = asked.get(key)
      if (underWay === undefined) return ask(key, call)
      // Whoever asked may have failed or been stopped: then it is asked again.
      return Effect.flatMap(Deferred.await(underWay), (answer) =>
        answer === undefined ? obtain(key, call) : Effect.succeed(answer)
      )
    })

  return {
    keep: (name, policy) => {
      if (policy.repeatable !== true) return policy
      return {
        ...policy,
        name: policy.name,
        generate: (request) => {
          const { onText } = request
          let told = false
          const call = Effect.suspend(() => {
            told = onText !== undefined
            return policy.generate(request)
          })
          const completions = obtain(keyOf(name, request), call)
          if (onText === undefined) return completions
          return Effect.tap(completions, (given) =>
            Effect.sync(() => {
              if (!told) for (const [sample, { text }] of given.entries()) onText(sample, text)
            })
          )
        }
      }
    }
  }
}
