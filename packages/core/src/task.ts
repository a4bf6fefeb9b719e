import { Schema } from "effect"

/** A question with, in training and evaluation, its gold answer as the data set writes it. */
export const Task = Schema.Struct({
  id: Schema.String,
  question: Schema.String,
  gold: Schema.optionalKey(Schema.String),
  /** Names the prompts and the grader, as in `gsm8k`. */
  dataset: Schema.optionalKey(Schema.String),
  choices: Schema.optionalKey(Schema.Array(Schema.String))
})
export type Task = typeof Task.Type
