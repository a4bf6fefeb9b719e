import type { Expression } from "./expression.ts"
import type { Grammar } from "./grammar.ts"
import type { TokenReader } from "./token-reader.ts"
import { spellAll } from "./tokens.ts"

/** `x^\prime` is `x'`. */
const takeRaisedPrime = (reader: TokenReader): boolean => {
  const isBraced = reader.is("symbol", "{", 1)
  const found = reader.is("symbol", "^") && reader.is("symbol", "'", isBraced ? 2 : 1)
  if (!found || (isBraced && !reader.is("symbol", "}", 3))) return false
  reader.at += isBraced ? 4 : 2
  return true
}

/** Takes a symbol's primes and subscript, as part of its name. */
export const takeDecoration = (reader: TokenReader): string => {
  let decoration = ""
  for (;;) {
    if (reader.take("symbol", "'") || takeRaisedPrime(reader)) decoration += "'"
    else if (reader.take("symbol", "_")) {
      const start = reader.at
      if (reader.is("symbol", "{")) {
        while (reader.peek() !== undefined && !reader.is("symbol", "}")) reader.at++
        reader.expect("}")
        decoration += `_${spellAll(reader.tokens.slice(start + 1, reader.at - 1))}`
      } else {
        reader.at++
        decoration += `_${spellAll(reader.tokens.slice(start, reader.at))}`
      }
    } else return decoration
  }
}

/** A variable, `e` or `i`, or a function without a name of its own; `letters` come next. */
export const parseSymbol = (reader: Grammar, letters: string): Expression => {
  reader.at++
  if (letters === "e" || letters === "i") {
    if (!reader.is("symbol", "_")) return { kind: "constant", name: letters }
  }
  const name = letters + takeDecoration(reader)
  if (/^[fgh]/.test(name) && reader.is("symbol", "("))
    return { kind: "opaque", name, argument: reader.group() }
  return { kind: "symbol", name }
}
