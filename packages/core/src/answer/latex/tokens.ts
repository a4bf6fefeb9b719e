/** A piece of LaTeX. `spaced`: white space stood before it. */
export interface Token {
  readonly kind: "number" | "letters" | "command" | "text" | "symbol"
  /**
   * Digits without separators; letters; a command's name without its backslash, as `frac` or `begin pmatrix`; a text's
   * content; the character.
   */
  readonly value: string
  readonly spaced: boolean
}

const unicode: ReadonlyArray<readonly [RegExp, string]> = [
  [/[−–]/g, "-"],
  [/[×⋅·]/g, "\\times "],
  [/÷/g, "/"],
  [/π/g, "\\pi "],
  [/∞/g, "\\infty "],
  [/°/g, "^\\circ "],
  [/√/g, "\\sqrt "],
  [/≤/g, "\\le "],
  [/≥/g, "\\ge "],
  [/≠/g, "\\ne "],
  [/±/g, "\\pm "],
  [/∪/g, "\\cup "],
  [/∈/g, "\\in "],
  [/θ/g, "\\theta "],
  [/²/g, "^2 "],
  [/³/g, "^3 "],
  [/½/g, "\\frac12 "],
  [/[\u00a0\u2009\u202f]/g, " "]
]

/** Commands that only set type: they mean nothing. */
const ignored = new Set([
  ..."left right bigl bigr big Big Bigl Bigr displaystyle textstyle limits quad qquad phantom mathstrut".split(
    " "
  ),
  ..."; : ! > ,".split(" ")
])
const textual = new Set(
  "text mbox textbf textrm textit textnormal mathrm mathit mathbf mathsf hbox".split(" ")
)
const aliases: Readonly<Record<string, string>> = {
  dfrac: "frac",
  tfrac: "frac",
  cfrac: "frac",
  leq: "le",
  leqslant: "le",
  geq: "ge",
  geqslant: "ge",
  neq: "ne",
  cdot: "times",
  ast: "times",
  degree: "circ",
  lvert: "|",
  rvert: "|",
  vert: "|",
  mid: "|",
  lbrace: "{",
  rbrace: "}",
  varnothing: "emptyset",
  wedge: "land"
}

const braced = /\s{0,4}\{([^{}]{0,400})\}/y
const number = /\d{1,3}(?:(?:\{,\}|,[ \t]{0,2}\\!\s{0,2}|\\,|~| )\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+/y
const grouped = /\d{1,3}(?:,\d{3})+(?![\d,]*\d)(?:\.\d+)?/y
const letters = /[A-Z]{2,}|\p{L}/uy
const command = /\\([a-zA-Z]+|[\s\S])/y

/** Splits LaTeX into tokens; sizes, spacing and font commands are dropped, and thousands separators joined. */
export const tokenize = (latex: string): ReadonlyArray<Token> => {
  let source = latex
  if (/[\u0080-\uffff]/.test(latex))
    for (const [pattern, replacement] of unicode) source = source.replace(pattern, replacement)
  const tokens: Array<Token> = []
  let at = 0
  let spaced = false
  let depth = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    if (found !== null) at += found[0].length
    return found
  }
  const push = (kind: Token["kind"], value: string): void => {
    tokens.push({ kind, value, spaced })
    spaced = false
  }
  while (at < source.length) {
    const character = source[at] ?? ""
    if (/[\s~$]/.test(character)) {
      at++
      spaced = true
      continue
    }
    if (/[\d.]/.test(character)) {
      // In brackets `(1,234)` is a pair; outside, a number.
      const digits = (depth === 0 ? match(grouped) : null) ?? match(number)
      if (digits !== null) {
        push("number", digits[0].replace(/[^\d.]/g, ""))
        continue
      }
    }
    if (character === "\\") {
      const name = match(command)?.[1]
      if (name === undefined) {
        at++
      } else if (textual.has(name)) {
        const content = match(braced)?.[1]
        if (content !== undefined) push("text", content.trim())
      } else if (ignored.has(name)) {
        // `\left.` is no bracket at all.
        if ((name === "left" || name === "right") && source[at] === ".") at++
      } else if (/\s/.test(name)) spaced = true
      else if (name === "begin" || name === "end")
        push("command", `${name} ${match(braced)?.[1]?.trim() ?? ""}`)
      else {
        if (name === "{") depth++
        if (name === "}") depth--
        const known = aliases[name] ?? name
        push(known === "|" ? "symbol" : "command", known)
      }
      continue
    }
    const run = match(letters)
    if (run !== null) {
      push("letters", run[0])
      continue
    }
    if (character === "(" || character === "[") depth++
    if (character === ")" || character === "]") depth--
    at++
    push("symbol", character)
  }
  return tokens
}

/** A token as one would type it, for texts that are compared word by word. */
export const spell = (token: Token): string =>
  token.kind === "command"
    ? `\\${token.value}`
    : token.kind === "text"
      ? token.value.toLowerCase()
      : token.value

/** The tokens typed with single spaces. */
export const spellAll = (tokens: ReadonlyArray<Token>): string => tokens.map(spell).join(" ")
