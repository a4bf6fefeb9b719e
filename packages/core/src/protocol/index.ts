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
export { ProposeReviewOptions, proposeReview, single } from "./propose-review.ts"
export * from "./search/index.ts"
export type { Rotation } from "./seating.ts"
