import type { Role } from "@tracer-sdk/core"
import { Schema } from "effect"
import { promptsFor } from "./prompts/prompts-for.ts"
import { DebaterTemplates } from "./prompts/templates.ts"
import { askToAnswer } from "./proposer.ts"
import { type Answering, proposalReader } from "./read-proposal.ts"
import { templatedRole } from "./templated-role.ts"

/** A debater as a configuration states it. */
export const DebaterOptions = Schema.Struct({
  /** Replaces the prompts of every data set. */
  prompts: Schema.optionalKey(DebaterTemplates)
})
export type DebaterOptions = typeof DebaterOptions.Encoded

/**
 * The role that answers after having heard others: it sees its own last answer as the pending one and theirs in the transcript, and is
 * read by the grader of the task's data set.
 */
export const debater = ({ name = "debater", grader, prompts }: DebaterOptions & Answering = {}): Role =>
  templatedRole(
    name,
    (view) => askToAnswer(prompts ?? promptsFor(view.task.dataset).debater, view),
    proposalReader(grader)
  )
