import { Effect, Schema } from "effect"
import { ConfigError } from "../../errors.ts"

const count = (fallback: number) =>
  Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(fallback))
  )

/** What every search over steps of reasoning can be told. */
export const SearchFields = {
  /** Next steps that are drawn for a thought. */
  samples: count(3),
  /** Most steps of a line of reasoning; its last one has to be the answer. */
  depth: count(4),
  /** Judgements of each line of reasoning that is valued. */
  reviews: count(1),
  /** What is judged: the `steps` so far, or a `rollout`, in which the thinker goes on from them to an answer. */
  value: Schema.Literals(["steps", "rollout"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("steps" as const))
  ),
  /** Rollouts of each line of reasoning, where they are what is judged. */
  rollouts: count(1),
  /** The role that judges: one that gives verdicts, or scores. */
  judge: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("reviewer")))
}
const SearchSettings = Schema.Struct(SearchFields)
export type SearchSettings = typeof SearchSettings.Type

/** Most turns that a search may be set to take at worst. */
const mostTurns = 10_000

/** Throws `ConfigError` where there is no agent, one is named twice, or the search could take more than 10,000 turns. */
export const checkSearch = (name: string, agents: ReadonlyArray<string>, turns: number): void => {
  if (agents.length === 0 || new Set(agents).size < agents.length) {
    throw new ConfigError({
      path: "agents",
      message: `agents: ${name} was given [${agents.join(", ")}].`,
      hint: "Give at least one agent, and each a name of its own: the first one thinks, the others judge."
    })
  }
  if (turns > mostTurns) {
    throw new ConfigError({
      path: "protocol",
      message: `protocol: ${name} could take ${turns} turns, more than ${mostTurns}.`,
      hint: "Lower depth, samples, rollouts or reviews, or how many thoughts are gone on from."
    })
  }
}
