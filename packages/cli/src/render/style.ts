/** Marks parts of a text for a person's eye; without colours every mark is the text itself. */
export interface Style {
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
}

const asIs = (text: string): string => text

/** No marks at all: for files, pipes and `NO_COLOR`. */
export const plainStyle: Style = { strong: asIs, faint: asIs, good: asIs, bad: asIs }

const sgr = (open: number, close: number) => (text: string) =>
  text === "" ? "" : `\u001b[${open}m${text}\u001b[${close}m`

/** ANSI colours and weights. */
export const ansiStyle: Style = {
  strong: sgr(1, 22),
  faint: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39)
}
