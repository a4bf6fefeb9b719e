import { Schema } from "effect"

/** What each error of the SDK says: `message` is what and where, `hint` what to do about it. */
const details = {
  message: Schema.String,
  hint: Schema.String,
  cause: Schema.optionalKey(Schema.Unknown)
}

/** A language model did not answer; `retryable` says whether asking again can help. */
export class PolicyError extends Schema.TaggedError<PolicyError>()("PolicyError", {
  ...details,
  retryable: Schema.Boolean
}) {}

/** A credit assigner could not value a decision or an utterance. */
export class CreditError extends Schema.TaggedError<CreditError>()("CreditError", details) {}

/** A learner could not update, save or load its weights. */
export class LearnerError extends Schema.TaggedError<LearnerError>()("LearnerError", details) {}

/** A configuration names something unknown or holds a wrong value; `path` is where. */
export class ConfigError extends Schema.TaggedError<ConfigError>()("ConfigError", {
  ...details,
  path: Schema.String
}) {}

/** A file of tasks, a saved team or an event log could not be read or written. */
export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", {
  ...details,
  path: Schema.String
}) {}

/** Everything that can go wrong while a team plays or learns. */
export type TracerError = PolicyError | CreditError | LearnerError | ConfigError | StoreError
