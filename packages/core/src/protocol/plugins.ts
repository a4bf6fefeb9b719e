import { Effect, Schema } from "effect"
import { ConfigError } from "../errors.ts"
import type { Protocol } from "../protocol.ts"
import { definePlugin } from "../registry/plugin.ts"
import type { AnyPlugin } from "../registry/registry.ts"
import { AgentVoteOptions, agentVote } from "./agent-vote.ts"
import { BestOfNOptions, bestOfN } from "./best-of-n.ts"
import { DebateOptions, debate } from "./debate.ts"
import type { Members } from "./members.ts"
import { ProposeReviewOptions, proposeReview, single } from "./propose-review.ts"
import { ProposeReviewRefineOptions, proposeReviewRefine } from "./propose-review-refine.ts"
import { MctsOptions, mcts, TreeOfThoughtsOptions, treeOfThoughts } from "./search/index.ts"
import { SelectedSpeakerOptions, selectedSpeaker } from "./selected-speaker.ts"
import { SelfConsistencyOptions, selfConsistency } from "./self-consistency.ts"

/** A protocol as a plug-in, from its options and the team's agents. */
const protocolPlugin = <S extends Schema.ConstraintDecoder<unknown>>(
  name: string,
  options: S,
  make: (options: S["Type"], members: Members) => Protocol<unknown>
): AnyPlugin =>
  definePlugin({
    kind: "protocol",
    name,
    options,
    make: (decoded, members) =>
      Effect.try({
        try: () => make(decoded, members),
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
  protocolPlugin("single", Schema.Struct({}), (_, { agents }) => single({ agents: agents.slice(0, 1) })),
  protocolPlugin("self-consistency", SelfConsistencyOptions, (options, members) =>
    selfConsistency({ ...options, ...members })
  ),
  protocolPlugin("vote", AgentVoteOptions, (options, members) => agentVote({ ...options, ...members })),
  protocolPlugin("debate", DebateOptions, (options, members) => debate({ ...options, ...members })),
  protocolPlugin("propose-review", ProposeReviewOptions, (options, { agents }) =>
    proposeReview({ ...options, agents })
  ),
  protocolPlugin("propose-review-refine", ProposeReviewRefineOptions, (options, { agents }) =>
    proposeReviewRefine({ ...options, agents })
  ),
  protocolPlugin("best-of-n", BestOfNOptions, (options, members) => bestOfN({ ...options, ...members })),
  protocolPlugin("selected-speaker", SelectedSpeakerOptions, (options, { agents }) =>
    selectedSpeaker({ ...options, agents })
  ),
  protocolPlugin("tree-of-thoughts", TreeOfThoughtsOptions, (options, { agents }) =>
    treeOfThoughts({ ...options, agents })
  ),
  protocolPlugin("mcts", MctsOptions, (options, members) => mcts({ ...options, ...members }))
]
