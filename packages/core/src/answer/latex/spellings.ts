/** Characters that stand for commands. */
const unicode: ReadonlyArray<readonly [RegExp, string]> = [
  [/[−–]/g, "-"],
  [/[×⋅·]/g, "\\times "],
  [/÷/g, "/"],
  [/∞/g, "\\infty "],
  [/°/g, "^\\circ "],
  [/√/g, "\\sqrt "],
  [/≤/g, "\\le "],
  [/≥/g, "\\ge "],
  [/≠/g, "\\ne "],
  [/±/g, "\\pm "],
  [/∓/g, "\\mp "],
  [/∪/g, "\\cup "],
  [/∩/g, "\\cap "],
  [/∅/g, "\\emptyset "],
  [/∈/g, "\\in "],
  [/ℝ/g, "\\mathbb{R}"],
  [/²/g, "^2 "],
  [/³/g, "^3 "],
  [/½/g, "\\frac12 "],
  [/′/g, "'"],
  [/⟨/g, "\\langle "],
  [/⟩/g, "\\rangle "],
  [/€/g, "\\euro "],
  [/£/g, "\\pounds "],
  [/¥/g, "\\yen "],
  [/[\u00a0\u2009\u202f]/g, " "]
]

const greekLetters: ReadonlyMap<string, string> = new Map(
  [
    ..."αalpha βbeta γgamma δdelta εepsilon ζzeta ηeta θtheta κkappa λlambda μmu νnu ξxi πpi ρrho σsigma τtau φphi".split(
      " "
    ),
    ..."χchi ψpsi ωomega ΓGamma ΔDelta ΘTheta ΛLambda ΠPi ΣSigma ΦPhi ΨPsi ΩOmega".split(" ")
  ].map((entry) => [entry.slice(0, 1), `\\${entry.slice(1)} `])
)

/** The text with commands in place of the characters that stand for them. */
export const asCommands = (latex: string): string => {
  if (!/[\u0080-\uffff]/.test(latex)) return latex
  let source = latex
  for (const [pattern, replacement] of unicode) source = source.replace(pattern, replacement)
  return source.replace(/[\u0370-\u03ff]/g, (letter) => greekLetters.get(letter) ?? letter)
}

/** Commands that only set type: they mean nothing. */
export const ignored: ReadonlySet<string> = new Set([
  ..."left right middle bigl bigr big Big Bigl Bigr bigg Bigg displaystyle textstyle limits quad qquad mathstrut".split(
    " "
  ),
  ..."boldsymbol bm mathbf mathit mathsf underline nonumber hfill".split(" "),
  ..."; : ! > ,".split(" ")
])

/** Commands that leave room for their argument and do not show it. */
export const invisible: ReadonlySet<string> = new Set(["phantom", "hphantom", "vphantom"])

/** Commands whose argument is read as words. */
export const textual: ReadonlySet<string> = new Set(
  "text mbox textbf textrm textit textnormal mathrm hbox operatorname".split(" ")
)

const alternatives: Readonly<Record<string, string>> = {
  dfrac: "frac",
  tfrac: "frac",
  cfrac: "frac",
  tbinom: "binom",
  dbinom: "binom",
  leq: "le",
  leqslant: "le",
  geq: "ge",
  geqslant: "ge",
  lt: "<",
  gt: ">",
  neq: "ne",
  cdot: "times",
  ast: "times",
  lvert: "|",
  rvert: "|",
  vert: "|",
  mid: "|",
  lbrace: "{",
  rbrace: "}",
  backslash: "setminus",
  smallsetminus: "setminus",
  varnothing: "emptyset",
  wedge: "land",
  vee: "lor",
  prime: "'"
}

const symbols = new Set(["|", "<", ">", "'"])

/** A command under the one name it has here, and whether that is a character. */
export const canonicalCommand = (name: string): { readonly kind: "symbol" | "command"; value: string } => {
  const value = alternatives[name] ?? name
  return { kind: symbols.has(value) ? "symbol" : "command", value }
}
