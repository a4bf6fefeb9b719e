import type { Token } from "./tokens.ts"

export type Tokens = ReadonlyArray<Token>

export const isSymbol = (token: Token | undefined, value: string): boolean =>
  token?.kind === "symbol" && token.value === value
export const isCommand = (token: Token | undefined, value: string): boolean =>
  token?.kind === "command" && token.value === value

export const startsCommand = (token: Token, start: string): boolean =>
  token.kind === "command" && token.value.startsWith(start)

const openers = new Set(["{", "langle", "lfloor", "lceil"])
const closers = new Set(["}", "rangle", "rfloor", "rceil"])

export const opens = (token: Token): boolean =>
  token.kind === "symbol"
    ? "([{".includes(token.value)
    : token.kind === "command" && (openers.has(token.value) || token.value.startsWith("begin "))
const closes = (token: Token): boolean =>
  token.kind === "symbol"
    ? ")]}".includes(token.value)
    : token.kind === "command" && (closers.has(token.value) || token.value.startsWith("end "))

/** Parts of a run of tokens, and what separates them. */
export interface Split {
  readonly parts: ReadonlyArray<Tokens>
  readonly separators: Tokens
}

/** The parts between the separators that stand outside of all brackets, and the separators. */
export const splitAt = (tokens: Tokens, isSeparator: (token: Token) => boolean): Split => {
  const parts: Array<Tokens> = []
  const separators: Array<Token> = []
  let depth = 0
  let start = 0
  for (const [index, token] of tokens.entries()) {
    if (opens(token)) depth++
    else if (closes(token)) depth--
    else if (depth === 0 && isSeparator(token)) {
      parts.push(tokens.slice(start, index))
      separators.push(token)
      start = index + 1
    }
  }
  parts.push(tokens.slice(start))
  return { parts, separators }
}

/** Whether one bracket pair encloses all tokens. */
export const isWrapped = (tokens: Tokens): boolean => {
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (opens(token)) depth++
    else if (closes(token) && --depth === 0) return index === tokens.length - 1
  }
  return false
}
