import { choiceLetter, shuffleChoices } from "../answer/index.ts"

/** Choices as a task shows them, with the gold answer's letter among them. */
export interface LetteredChoices {
  readonly choices: ReadonlyArray<string>
  readonly gold: string | undefined
}

/**
 * Shuffles a question's choices by the question, and finds the gold answer among them: by its letter in the order in
 * which they were given, or by its text. `undefined` where the gold answer is neither.
 */
export const letterChoices = (
  question: string,
  given: ReadonlyArray<string>,
  gold: string | undefined
): LetteredChoices | undefined => {
  const { choices, letters } = shuffleChoices(question, given)
  if (gold === undefined) return { choices, gold }
  const byText = given.indexOf(gold)
  const original = byText === -1 ? given.findIndex((_, i) => choiceLetter(i) === gold) : byText
  return original === -1 ? undefined : { choices, gold: letters[original] }
}
