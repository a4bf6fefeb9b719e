import { Result, type Schema } from "effect"
import { decodeConfig } from "../config/decode.ts"

/** A protocol's options with their defaults. Throws `ConfigError` that lists every option that is not valid. */
export const decodeOptions = <S extends Schema.ConstraintDecoder<unknown>>(
  protocol: string,
  schema: S,
  options: S["Encoded"]
): S["Type"] => Result.getOrThrow(decodeConfig(schema, options, `The protocol "${protocol}"`, "protocol"))
