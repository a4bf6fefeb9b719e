import { asCommands, canonicalCommand, ignored, invisible, textual } from "./spellings.ts"

/** A piece of LaTeX. `spaced`: white space stood before it. */
export interface Token {
  readonly kind: "number" | "letters" | "command" | "text" | "symbol"
  /**
   * Digits without separators, and those that repeat in parentheses; letters; a command's name without its backslash, as
   * `frac` or `begin pmatrix`; a text's content; the character.
   */
  readonly value: string
  readonly spaced: boolean
}

const braced = /\s{0,4}\{([^{}]{0,400})\}/y
const number =
  /\d{1,3}(?:(?:\{,\}|,[ \t]{0,2}\\!\s{0,2}|\\[,;: ]|~| )\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+/y
const grouped = /\d{1,3}(?:,\d{3})+(?![\d,]*\d)(?:\.\d+)?/y
const repeating = /(\d{0,30}\.\d{0,30})\\(?:overline|bar|dot)(?:\s?\{(\d{1,30})\}|\s?(\d))/y
const blackboard = /\s{0,4}(?:[A-Z]|\{[A-Z]\})/y
const letters = /[A-Z]{2,}|\p{L}/uy
const command = /\\([a-zA-Z]+|[\s\S])/y

class Tokenizer {
  readonly source: string
  readonly tokens: Array<Token> = []
  at = 0
  spaced = false
  /** Of brackets. */
  depth = 0

  constructor(source: string) {
    this.source = source
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.source)
    if (found !== null) this.at += found[0].length
    return found
  }

  private push(kind: Token["kind"], value: string): void {
    this.tokens.push({ kind, value, spaced: this.spaced })
    this.spaced = false
  }

  private digits(): boolean {
    const endless = this.match(repeating)
    if (endless !== null) {
      this.push("number", `${endless[1]}(${endless[2] ?? endless[3]})`)
      return true
    }
    // In brackets `(1,234)` is a pair; outside, a number.
    const found = (this.depth === 0 ? this.match(grouped) : null) ?? this.match(number)
    if (found !== null) this.push("number", found[0].replace(/[^\d.]/g, ""))
    return found !== null
  }

  private text(name: string): void {
    const content = this.match(braced)?.[1]?.trim()
    if (content === undefined) return
    // `\mathrm{i}` is the imaginary unit, `\mathrm{m}` may be metres.
    if (name === "operatorname") this.push("command", content)
    else if (name === "mathrm" && /^[ei]$/.test(content)) this.push("letters", content)
    else this.push("text", content)
  }

  private command(name: string): void {
    const next = this.source[this.at] ?? ""
    if (textual.has(name)) this.text(name)
    else if (invisible.has(name)) {
      if (this.match(braced) === null) this.at++
    } else if ((name === "left" || name === "right") && "<>".includes(next) && next !== "") {
      this.at++
      this.push("command", next === "<" ? "langle" : "rangle")
    } else if (ignored.has(name)) {
      // `\left.` is no bracket at all.
      if ((name === "left" || name === "right") && next === ".") this.at++
    } else if (/\s/.test(name)) this.spaced = true
    else if (name === "mathbb")
      this.push("command", `mathbb ${this.match(blackboard)?.[0].replace(/[\s{}]/g, "") ?? ""}`)
    else if (name === "begin" || name === "end")
      this.push("command", `${name} ${this.match(braced)?.[1]?.trim() ?? ""}`)
    else if (name === "degree") {
      const last = this.tokens.at(-1)
      if (last?.kind !== "symbol" || last.value !== "^") this.push("symbol", "^")
      this.push("command", "circ")
    } else {
      if (name === "{") this.depth++
      if (name === "}") this.depth--
      const known = canonicalCommand(name)
      this.push(known.kind, known.value)
    }
  }

  private next(): void {
    const character = this.source[this.at] ?? ""
    if (/[\s~$]/.test(character)) {
      this.at++
      this.spaced = true
      return
    }
    if (/[\d.]/.test(character) && this.digits()) return
    if (character === "\\") {
      const name = this.match(command)?.[1]
      if (name === undefined) this.at++
      else this.command(name)
      return
    }
    const run = this.match(letters)
    if (run !== null) {
      this.push("letters", run[0])
      return
    }
    if (character === "(" || character === "[") this.depth++
    if (character === ")" || character === "]") this.depth--
    this.at++
    this.push("symbol", character)
  }

  run(): ReadonlyArray<Token> {
    while (this.at < this.source.length) this.next()
    return this.tokens
  }
}

/** Splits LaTeX into tokens; sizes, spacing and font commands are dropped, and thousands separators joined. */
export const tokenize = (latex: string): ReadonlyArray<Token> => new Tokenizer(asCommands(latex)).run()

/** A token as one would type it, for texts that are compared word by word. */
export const spell = (token: Token): string =>
  token.kind === "command"
    ? `\\${token.value}`
    : token.kind === "text"
      ? token.value.toLowerCase()
      : token.value

/** The tokens typed with single spaces. */
export const spellAll = (tokens: ReadonlyArray<Token>): string => tokens.map(spell).join(" ")
