import type { Role } from "@tracer-sdk/core"
import { Schema } from "effect"
import { promptsFor } from "./prompts/prompts-for.ts"
import { ProposerTemplates } from "./prompts/templates.ts"
import { askToAnswer } from "./proposer.ts"
import { type Answering, proposalReader } from "./read-proposal.ts"
import { templatedRole } from "./templated-role.ts"

/** A refiner as a configuration states it. */
export const RefinerOptions = Schema.Struct({
  /** Replaces the prompts of every data set. */
  prompts: Schema.optionalKey(ProposerTemplates)
})
export type RefinerOptions = typeof RefinerOptions.Encoded

/**
 * The role that revises the pending answer by what critics said of it: it changes what is wrong and leaves the rest, and is read by the
 * grader of the task's data set. Where nothing is pending it answers like a proposer.
 */
export const refiner = ({ name = "refiner", grader, prompts }: RefinerOptions & Answering = {}): Role =>
  templatedRole(
    name,
    (view) => askToAnswer(prompts ?? promptsFor(view.task.dataset).refiner, view),
    proposalReader(grader)
  )
