const narrow = /[ilj.,:;'|!I()[\]ft ]/
const wide = /[mwMW%@]/
const capital = /[A-Z&+=<>~]/

const widthOf = (letter: string): number => {
  if (narrow.test(letter)) return 0.36
  if (wide.test(letter)) return 0.95
  if (capital.test(letter)) return 0.72
  // Beyond Latin, Greek and Cyrillic letters are about as wide as high.
  return (letter.codePointAt(0) ?? 0) > 0x4ff ? 1 : 0.6
}

/**
 * How wide a text is set in a sans-serif of `size` pixels, roughly, and rather too wide than too narrow.
 *
 * A function of the text alone, so that a figure is the same wherever it is drawn, whatever fonts a machine has.
 */
export const textWidth = (text: string, size: number): number =>
  size * [...text].reduce((sum, letter) => sum + widthOf(letter), 0)
