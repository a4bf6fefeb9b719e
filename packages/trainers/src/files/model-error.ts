import { Schema } from "effect"

/** A model directory or its contents cannot be used: `path` is where, `hint` what to do about it. */
export class ModelError extends Schema.TaggedError<ModelError>()("ModelError", {
  message: Schema.String,
  hint: Schema.String,
  path: Schema.String,
  cause: Schema.optionalKey(Schema.Unknown)
}) {}
