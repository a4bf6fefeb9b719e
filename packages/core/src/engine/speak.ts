import { Effect } from "effect"
import type { Utterance } from "../credit.ts"
import { PolicyError } from "../errors.ts"
import type { GenerateRequest, Sampling, Usage } from "../policy.ts"
import type { Act } from "../protocol.ts"
import { type RandomKey, seedNumber } from "../random.ts"
import type { Prompt, Role } from "../role.ts"
import type { View } from "../transcript.ts"
import { type Game, member } from "./game.ts"

/** A request to one agent to speak in one role about one view. */
export interface SpeakRequest {
  readonly agent: string
  readonly role: Role
  readonly view: View
  readonly prompt: Prompt
  readonly samples: number
  readonly key: RandomKey
  /** Told of each sample's text while it is spoken, where the policy can. */
  readonly onText?: GenerateRequest["onText"]
}

/** How a role's utterances about a view are drawn. */
export const samplingOf = <S>(game: Game<S>, role: Role, view: View): Sampling => {
  const sampling = game.sampling(role.name)
  const own = role.stop?.(view) ?? []
  return own.length === 0 ? sampling : { ...sampling, stop: [...new Set([...own, ...(sampling.stop ?? [])])] }
}

/** At least one utterance: every request asks for one or more. */
export type Utterances = readonly [Utterance, ...ReadonlyArray<Utterance>]

/**
 * Draws independent utterances for one context in one call, each read by its role.
 *
 * Fails with `PolicyError` where the policy does, or gives another number of completions than was asked for.
 */
export const speak = <S>(game: Game<S>, request: SpeakRequest): Effect.Effect<Utterances, PolicyError> => {
  const policy = member(game.policies, "policy for agent", request.agent)
  const { onText } = request
  const asked: GenerateRequest = {
    prompt: request.prompt,
    samples: request.samples,
    sampling: samplingOf(game, request.role, request.view),
    seed: seedNumber(request.key),
    agent: request.agent,
    role: request.role.name,
    view: request.view
  }
  return Effect.flatMapEager(
    policy.generate(onText === undefined ? asked : { ...asked, onText }),
    (completions) => {
      const [first, ...rest] = completions.map((completion) => ({
        completion,
        reading: request.role.read(request.view, completion.text)
      }))
      if (first === undefined || completions.length !== request.samples) {
        return Effect.fail(
          new PolicyError({
            message: `Policy "${policy.name}" gave ${completions.length} completions where ${request.samples} were asked for.`,
            hint: "A policy's generate() has to return exactly request.samples completions.",
            retryable: false
          })
        )
      }
      return Effect.succeed<Utterances>([first, ...rest])
    }
  )
}

/** The move that says an utterance. */
export const spokenAct = (action: string, utterance: Utterance): Act => ({
  action,
  utterance: { text: utterance.completion.text, reading: utterance.reading }
})

/** Tokens read and written. */
export const tokensUsed = ({ prompt, completion }: Usage): number => prompt + completion

/** Tokens read and written for an utterance. */
export const tokensOf = (utterance: Utterance): number => tokensUsed(utterance.completion.usage)
