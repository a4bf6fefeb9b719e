import type { Expression } from "./expression.ts"
import type { TokenReader } from "./token-reader.ts"

/** What the readers of a formula's single parts need of that of the whole. */
export interface Grammar extends TokenReader {
  /** A factor with its factorials, degrees and exponent. */
  postfix(): Expression
  /** A formula without brackets around it. */
  sum(): Expression
  exponent(): Expression
  /** A formula in brackets. */
  group(): Expression
  /** A macro's argument: a group, or one digit, letter or command. */
  argument(): Expression
}
