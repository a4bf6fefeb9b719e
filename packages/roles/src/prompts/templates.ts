import { Schema } from "effect"

/**
 * What a proposer is told. In the templates `{question}` stands for the question, `{choices}` for its lettered choices
 * after a blank line (nothing where it has none), `{pending}` for the pending proposal, `{answer}` for its answer alone,
 * `{verdict}` for the last verdict on it (RIGHT, WRONG or unreviewed) and `{reviews}` for all that was said about it.
 */
export const ProposerTemplates = Schema.Struct({
  system: Schema.String,
  /** The user's message while nothing is pending. */
  first: Schema.String,
  /** The user's message when an answer is pending. */
  again: Schema.String
})
export type ProposerTemplates = typeof ProposerTemplates.Type

/**
 * What a reviewer is told, with the placeholders of `ProposerTemplates` and `{line}`, the pending proposal on one line. `partial` is
 * the user's message about reasoning that has no answer yet, with the placeholder `{steps}`; by default `user`.
 */
export const ReviewerTemplates = Schema.Struct({
  system: Schema.String,
  user: Schema.String,
  partial: Schema.optionalKey(Schema.String)
})
export type ReviewerTemplates = typeof ReviewerTemplates.Type

/**
 * What a thinker is told, with the placeholders of `ProposerTemplates` and `{steps}`, the numbered steps so far, `{next}`, the number of
 * the next one, and `{after}`, that of the one after it.
 */
export const ThinkerTemplates = Schema.Struct({
  system: Schema.String,
  /** The user's message that asks for the next step. */
  step: Schema.String,
  /** The user's message that asks for all that is left, with the answer. */
  finish: Schema.String,
  /** Strings that end a step; placeholders in them are filled. */
  stop: Schema.optionalKey(Schema.Array(Schema.String)),
  /**
   * For models that go on with a message of their own: the steps so far are its beginning, each followed by this text, which stop
   * strings leave out of them.
   */
  continues: Schema.optionalKey(Schema.String)
})
export type ThinkerTemplates = typeof ThinkerTemplates.Type

/**
 * What a debater is told, with the placeholders of `ProposerTemplates`, of which `{pending}` and `{answer}` are its own last answer, and
 * `{others}`, the last answers of the others, and `{other}`, the one that most of them give (its own, where there are none).
 */
export const DebaterTemplates = ProposerTemplates
export type DebaterTemplates = typeof DebaterTemplates.Type

/**
 * What a selector is told, with the placeholders of `ReviewerTemplates`, `{dialogue}`, all that was said, and `{options}`, what it may
 * choose, one on a line.
 */
export const SelectorTemplates = Schema.Struct({ system: Schema.String, user: Schema.String })
export type SelectorTemplates = typeof SelectorTemplates.Type

/** The prompts of a data set. */
export interface PromptSet {
  readonly proposer: ProposerTemplates
  readonly reviewer: ReviewerTemplates
  readonly debater: DebaterTemplates
  readonly critic: ReviewerTemplates
  readonly refiner: ProposerTemplates
  readonly verifier: ReviewerTemplates
  readonly selector: SelectorTemplates
  readonly thinker: ThinkerTemplates
}

/** Puts values in a template's places in one pass, so that braces in a question stay what they are. */
export const fill = (template: string, values: Readonly<Record<string, () => string>>): string =>
  template.replaceAll(/\{(\w+)\}/g, (place, name: string) =>
    Object.hasOwn(values, name) ? (values[name]?.() ?? place) : place
  )
