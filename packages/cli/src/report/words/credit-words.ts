import { fixed } from "../../render/number.ts"

/** What a turn was worth, in words that need no colour. */
export const creditWords = (credit: number): string =>
  credit > 0
    ? `credit +${fixed(credit, 2)} ▲`
    : credit < 0
      ? `credit ${fixed(credit, 2)} ▼`
      : "credit 0: the same without it"
