import { Schema } from "effect"
import { backendNames } from "./backend.ts"

/**
 * No backend could be loaded that satisfies the request.
 *
 * `message` says which backends were tried and why each did not load, `hint` what to install or to ask for instead.
 */
export class BackendError extends Schema.TaggedError<BackendError>()("BackendError", {
  message: Schema.String,
  hint: Schema.String,
  /** Each backend that was tried. */
  why: Schema.optionalKey(
    Schema.Array(Schema.Struct({ name: Schema.Literals(backendNames), reason: Schema.String }))
  ),
  cause: Schema.optionalKey(Schema.Unknown)
}) {}
