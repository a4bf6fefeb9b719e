import { Effect, Schema } from "effect"
import { ConfigError } from "../errors.ts"
import type { Protocol } from "../protocol.ts"
import { definePlugin } from "../registry/plugin.ts"
import type { AnyPlugin } from "../registry/registry.ts"
import { AgentVoteOptions, agentVote } from "./agent-vote.ts"
import { BestOfNOptions, bestOfN } from "./best-of-n.ts"
import { DebateOptions, debate } from "./debate.ts"
import { ProposeReviewOptions, proposeReview, single } from "./propose-review.ts"
import { ProposeReviewRefineOptions, proposeReviewRefine } from "./propose-review-refine.ts"
import { searchPlugins } from "./search/plugins.ts"
import { SelectedSpeakerOptions, selectedSpeaker } from "./selected-speaker.ts"
import { SelfConsistencyOptions, selfConsistency } from "./self-consistency.ts"

/** A protocol as a plug-in, from its options and the team's agents. */
const protocolPlugin = <S extends Schema.ConstraintDecoder<unknown>>(
  name: string,
  options: S,
  make: (options: S["Type"], agents: ReadonlyArray<string>) => Protocol<unknown>
): AnyPlugin =>
  definePlugin({
    kind: "protocol",
    name,
    options,
    make: (decoded, { agents }) =>
      Effect.try({
        try: () => make(decoded, agents),
        catch: (cause) =>
          cause instanceof ConfigError
            ? cause
            : new ConfigError({
                path: "protocol",
                message: `protocol "${name}": ${String(cause)}`,
                hint: "Correct the protocol.",
                cause
              })
      })
  })

/** The protocols that core brings. */
export const protocolPlugins: ReadonlyArray<AnyPlugin> = [
  protocolPlugin("single", Schema.Struct({}), (_, agents) => single({ agents: agents.slice(0, 1) })),
  protocolPlugin("self-consistency", SelfConsistencyOptions, (options, agents) =>
    selfConsistency({ ...options, agents })
  ),
  protocolPlugin("vote", AgentVoteOptions, (options, agents) => agentVote({ ...options, agents })),
  protocolPlugin("debate", DebateOptions, (options, agents) => debate({ ...options, agents })),
  protocolPlugin("propose-review", ProposeReviewOptions, (options, agents) =>
    proposeReview({ ...options, agents })
  ),
  protocolPlugin("propose-review-refine", ProposeReviewRefineOptions, (options, agents) =>
    proposeReviewRefine({ ...options, agents })
  ),
  protocolPlugin("best-of-n", BestOfNOptions, (options, agents) => bestOfN({ ...options, agents })),
  protocolPlugin("selected-speaker", SelectedSpeakerOptions, (options, agents) =>
    selectedSpeaker({ ...options, agents })
  ),
  ...searchPlugins
]
