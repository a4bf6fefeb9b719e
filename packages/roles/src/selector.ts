import type { Role } from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import { promptsFor } from "./prompts/prompts-for.ts"
import { SelectorTemplates } from "./prompts/templates.ts"
import { readChoice } from "./read-choice.ts"
import { templatedRole } from "./templated-role.ts"

/** A selector as a configuration states it. */
export const SelectorOptions = Schema.Struct({
  /** The option that ends the dialogue. */
  end: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("end"))),
  /** Replaces the prompts of every data set. */
  prompts: Schema.optionalKey(SelectorTemplates)
})
export type SelectorOptions = typeof SelectorOptions.Encoded

/** The role that names one of the view's options: who is to speak next, or that the dialogue is to end. */
export const selector = ({
  name = "selector",
  end = "end",
  prompts
}: SelectorOptions & { readonly name?: string } = {}): Role =>
  templatedRole(
    name,
    (view) => prompts ?? promptsFor(view.task.dataset).selector,
    ({ options = [] }, text) => readChoice(text, options, end)
  )
