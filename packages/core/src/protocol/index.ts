export {
  type Abstraction,
  abstractions,
  features,
  iterationBucket,
  type PublicState,
  voteBucket,
  votesAndIteration,
  withoutIteration,
  withoutVotes
} from "./abstraction.ts"
export { AgentVoteOptions, agentVote } from "./agent-vote.ts"
export { BestOfNOptions, bestOfN } from "./best-of-n.ts"
export { DebateOptions, debate } from "./debate.ts"
export * from "./parts/index.ts"
export { ProposeReviewOptions, proposeReview, single } from "./propose-review.ts"
export { ProposeReviewRefineOptions, proposeReviewRefine } from "./propose-review-refine.ts"
export * from "./search/index.ts"
export type { Rotation } from "./seating.ts"
export { SelectedSpeakerOptions, selectedSpeaker } from "./selected-speaker.ts"
export { SelfConsistencyOptions, selfConsistency } from "./self-consistency.ts"
