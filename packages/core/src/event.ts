import { Schema } from "effect"

const Round = { episode: Schema.Int, round: Schema.Int, agent: Schema.String, seat: Schema.String }

/** A run begins; `config` is the whole configuration, so that the log alone can repeat it. */
export const RunStart = Schema.Struct({
  type: Schema.Literal("run-start"),
  version: Schema.Int,
  name: Schema.String,
  seed: Schema.Int,
  config: Schema.Json
})
export const EpisodeStart = Schema.Struct({
  type: Schema.Literal("episode-start"),
  episode: Schema.Int,
  mode: Schema.Literals(["train", "evaluate", "solve"]),
  task: Schema.String,
  question: Schema.String
})
/** A seat is about to act; `strategy` is absent where the move is forced. */
export const TurnStart = Schema.Struct({
  type: Schema.Literal("turn-start"),
  ...Round,
  info: Schema.String,
  actions: Schema.Array(Schema.String),
  strategy: Schema.optionalKey(Schema.Array(Schema.Number))
})
export const TurnSkip = Schema.Struct({ type: Schema.Literal("turn-skip"), ...Round, action: Schema.String })
/** The next piece of an utterance that is being spoken; for who watches a single dialogue, never in a run's log. */
export const UtteranceDelta = Schema.Struct({
  type: Schema.Literal("utterance-delta"),
  ...Round,
  role: Schema.String,
  text: Schema.String
})
export const UtteranceSpoken = Schema.Struct({
  type: Schema.Literal("utterance"),
  ...Round,
  action: Schema.String,
  role: Schema.String,
  text: Schema.String,
  /** As in `proposal 42`, `verdict wrong`, `unreadable no number`. */
  reading: Schema.String,
  promptTokens: Schema.Int,
  completionTokens: Schema.Int
})
/** The values of all legal actions of a decision. `strategy` is what was sampled from, exploration included. */
export const DecisionValue = Schema.Struct({
  type: Schema.Literal("decision-value"),
  ...Round,
  info: Schema.String,
  actions: Schema.Array(Schema.String),
  strategy: Schema.Array(Schema.Number),
  played: Schema.String,
  values: Schema.Array(Schema.Number)
})
export const CreditAssigned = Schema.Struct({
  type: Schema.Literal("credit-assigned"),
  ...Round,
  role: Schema.String,
  /** What was asked; absent in logs of releases that did not keep it. */
  prompt: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({ role: Schema.Literals(["system", "user", "assistant"]), content: Schema.String })
    )
  ),
  /** Every utterance drawn for the turn; the first went on with the dialogue. */
  texts: Schema.Array(Schema.String),
  rewards: Schema.Array(Schema.Number),
  weight: Schema.Number
})
export const EpisodeEnd = Schema.Struct({
  type: Schema.Literal("episode-end"),
  episode: Schema.Int,
  task: Schema.String,
  answer: Schema.optionalKey(Schema.String),
  /** Absent where the task has no gold answer. */
  correct: Schema.optionalKey(Schema.Boolean),
  calls: Schema.Int,
  promptTokens: Schema.Int,
  completionTokens: Schema.Int
})
/** One optimizer pass over one role's groups; the fields are `UpdateReport`'s. */
export const Update = Schema.Struct({
  type: Schema.Literal("update"),
  batch: Schema.Int,
  agent: Schema.String,
  role: Schema.String,
  groups: Schema.Int,
  skippedGroups: Schema.Int,
  steps: Schema.Int,
  skippedSteps: Schema.Int,
  loss: Schema.Number,
  meanReward: Schema.Number,
  ratio: Schema.Number,
  clippedLow: Schema.Number,
  clippedHigh: Schema.Number,
  gradientNorm: Schema.Number
})
/** A batch of training tasks is done; accuracy and tokens are of its dialogues as they were really played. */
export const BatchEnd = Schema.Struct({
  type: Schema.Literal("batch-end"),
  batch: Schema.Int,
  batches: Schema.Int,
  episodes: Schema.Int,
  correct: Schema.Int,
  tokens: Schema.Int,
  /** Everything that was read and written in the batch, candidates, forks and judges included; absent where nobody counted. */
  spentTokens: Schema.optionalKey(Schema.Int)
})
/** How far regret is from its bound, for one controller. */
export const RegretMeasured = Schema.Struct({
  type: Schema.Literal("regret-measured"),
  batch: Schema.Int,
  controller: Schema.String,
  /** Average regret, bound and visits of the information state that is nearest to its bound, or furthest above. */
  averageRegret: Schema.Number,
  bound: Schema.Number,
  visits: Schema.Int,
  invariantHolds: Schema.Boolean
})
/** How far the joint play of training, from its beginning, is from equilibrium; see `empiricalPlay`. */
export const EquilibriumMeasured = Schema.Struct({
  type: Schema.Literal("equilibrium-measured"),
  batch: Schema.Int,
  dialogues: Schema.Int,
  decisions: Schema.Int,
  correlated: Schema.Number,
  coarse: Schema.Number
})
export const RunEnd = Schema.Struct({
  type: Schema.Literal("run-end"),
  episodes: Schema.Int
})

/** Everything that happens in a run, in the order in which it happened. */
export const TracerEvent = Schema.Union([
  RunStart,
  EpisodeStart,
  TurnStart,
  TurnSkip,
  UtteranceDelta,
  UtteranceSpoken,
  DecisionValue,
  CreditAssigned,
  EpisodeEnd,
  Update,
  BatchEnd,
  RegretMeasured,
  EquilibriumMeasured,
  RunEnd
])
export type TracerEvent = typeof TracerEvent.Type

/** The version of the event format, written into every `run-start`. */
export const eventVersion = 1
