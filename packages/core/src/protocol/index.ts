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
export * from "./parts/index.ts"
export { ProposeReviewOptions, type ProposeReviewState, proposeReview, single } from "./propose-review.ts"
export type { Rotation } from "./seating.ts"
