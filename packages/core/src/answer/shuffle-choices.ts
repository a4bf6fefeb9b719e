import { seedKey, shuffle, split } from "../random.ts"

/** A question's choices as they are shown. */
export interface ShuffledChoices {
  readonly choices: ReadonlyArray<string>
  /** For each choice in the order in which it was given, the letter under which it is shown. */
  readonly letters: ReadonlyArray<string>
}

/** The letter of the choice at a position: 0 is A. */
export const choiceLetter = (position: number): string => String.fromCharCode("A".charCodeAt(0) + position)

/**
 * Puts choices into an order that depends on the question alone, so that the key is reproducible and not always A.
 *
 * @param question The question's id, or its text: whatever names it for good.
 * @throws RangeError for more than the ten choices that have a letter.
 */
export const shuffleChoices = (question: string, choices: ReadonlyArray<string>): ShuffledChoices => {
  if (choices.length > 10)
    throw new RangeError(`a question has at most 10 choices, this one ${choices.length}`)
  const order = shuffle(split(seedKey(0), "choices", question), [...choices.keys()])
  const letters = choices.map((_, original) => choiceLetter(order.indexOf(original)))
  return { choices: order.flatMap((original) => choices[original] ?? []), letters }
}
