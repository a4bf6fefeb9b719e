import { modelCallFields } from "@tracer-sdk/core"
import { Schema } from "effect"
import { trainableModelFields } from "../local/index.ts"

/** The servers whose way of speaking is known. */
const dialects = ["vllm", "llama.cpp"] as const

/** Node gives up after five minutes without an answer, so a longer wait would be of no use. */
const longestTimeout = 300_000
const callFields = modelCallFields({ concurrency: 64 })

/** A model whose weights are trained in this process while a server draws from them. */
export const ServedModelOptions = Schema.Struct({
  ...trainableModelFields,
  /** What the server is, for each names its fields in its own way. */
  dialect: Schema.Literals(dialects),
  /** Where the server is, as in `http://127.0.0.1:8000/v1`. */
  baseURL: Schema.String.check(
    Schema.makeFilter(
      (text: string) =>
        (/^https?:/i.test(text) && URL.canParse(text)) ||
        `is no address such as http://127.0.0.1:8000/v1: "${text}"`
    )
  ),
  /** What the server calls the base model; by default its first. */
  servedModel: Schema.optionalKey(Schema.String),
  /** Where adapters are written for the server to read; by default the machine's directory for temporary files. */
  adapterDirectory: Schema.optionalKey(Schema.String),
  /** The same directory as the server sees it, where that is under another path. */
  adapterDirectoryOnServer: Schema.optionalKey(Schema.String),
  /** The environment variable that holds the server's key; by default none is sent. */
  apiKeyVariable: Schema.optionalKey(Schema.String),
  ...callFields,
  timeout: callFields.timeout.check(Schema.isLessThanOrEqualTo(longestTimeout))
})
export type ServedModelOptions = typeof ServedModelOptions.Encoded
