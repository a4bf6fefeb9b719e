import { Effect, Schema } from "effect"
import { requireAgents } from "../members.ts"
import { requireTurns } from "../most-turns.ts"
import { countField } from "../option-fields.ts"

/** What every search over steps of reasoning can be told. */
export const SearchFields = {
  /** Next steps that are drawn for a thought. */
  samples: countField(3),
  /** Most steps of a line of reasoning; its last one has to be the answer. */
  depth: countField(4),
  /** Judgements of each line of reasoning that is valued. */
  judgements: countField(1),
  /** What is judged: the `steps` so far, or a `rollout`, in which the thinker goes on from them to an answer. */
  value: Schema.Literals(["steps", "rollout"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("steps" as const))
  ),
  /** Rollouts of each line of reasoning, where they are what is judged. */
  rollouts: countField(1),
  /** The role that judges: one that gives verdicts, or scores. */
  judge: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("reviewer")))
}
const SearchSettings = Schema.Struct(SearchFields)
export type SearchSettings = typeof SearchSettings.Type

/**
 * Throws `ConfigError` on an empty or repeated list of agents, and where `expansions`, each of as many thoughts as there are samples,
 * could take more than 10,000 turns.
 */
export const checkSearch = (
  name: string,
  agents: ReadonlyArray<string>,
  expansions: number,
  { samples, value, rollouts, judgements }: SearchSettings
): void => {
  requireAgents(name, agents)
  const valuing = value === "rollout" ? rollouts * (1 + judgements) : judgements
  const turns = expansions * samples * (1 + valuing)
  requireTurns(name, turns, "Lower samples, rollouts or judgements, or how many thoughts are gone on from.")
}
