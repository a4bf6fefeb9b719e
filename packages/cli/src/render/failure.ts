import type { Style } from "./style.ts"
import { printable } from "./text.ts"

/** Something that went wrong, for a person: what and where, then what to do. */
export interface Failure {
  readonly message: string
  readonly hint?: string
}

/** A failure in two paragraphs at most, without a stack trace. */
export const renderFailure = ({ message, hint }: Failure, style: Style): string =>
  [
    `${style.bad("error:")} ${printable(message)}`,
    ...(hint === undefined ? [] : [`${style.strong("what to do:")} ${printable(hint)}`])
  ].join("\n")
