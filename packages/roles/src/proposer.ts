import type { Role, View } from "@tracer-sdk/core"
import { Schema } from "effect"
import { promptsFor } from "./prompts/prompts-for.ts"
import { ProposerTemplates } from "./prompts/templates.ts"
import { type Answering, proposalReader } from "./read-proposal.ts"
import { type Asked, templatedRole } from "./templated-role.ts"

/** A proposer as a configuration states it. */
export const ProposerOptions = Schema.Struct({
  /** Replaces the prompts of every data set. */
  prompts: Schema.optionalKey(ProposerTemplates)
})
export type ProposerOptions = typeof ProposerOptions.Encoded

/** Asks by `first` while nothing is pending, then by `again`. */
export const askToAnswer = ({ system, first, again }: ProposerTemplates, view: View): Asked => ({
  system,
  user: view.pending === undefined ? first : again
})

/**
 * The role that answers the question: it sees the pending answer with what was said about it, and is read by the
 * grader of the task's data set.
 */
export const proposer = ({ name = "proposer", grader, prompts }: ProposerOptions & Answering = {}): Role =>
  templatedRole(
    name,
    (view) => askToAnswer(prompts ?? promptsFor(view.task.dataset).proposer, view),
    proposalReader(grader)
  )
