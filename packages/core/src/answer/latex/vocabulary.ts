import type { FunctionName } from "./expression.ts"
import type { Token } from "./tokens.ts"

/** Commands that name a symbol. */
export const greek = new Set(
  (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho sigma tau upsilon " +
    "phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega infty ell hbar"
  ).split(" ")
)

/** Commands that name a function of one argument. */
export const functions: ReadonlyMap<string, FunctionName> = new Map(
  (["sin", "cos", "tan", "cot", "sec", "csc", "exp", "ln", "arcsin", "arccos", "arctan"] as const).map(
    (name) => [name, name]
  )
)

/** Commands that name a logarithm: of an unnamed base, and of base 10. */
export const logarithms = new Set(["log", "lg"])

/** Commands whose meaning is a formula in the exponential function. */
export const hyperbolic = new Set(["sinh", "cosh", "tanh", "cis"])

/** Brackets that round, with the function they are and the bracket that closes them. */
export const rounding: ReadonlyMap<string, { readonly name: FunctionName; readonly close: string }> = new Map(
  [
    ["lfloor", { name: "floor", close: "rfloor" }],
    ["lceil", { name: "ceil", close: "rceil" }]
  ]
)

/** Commands that set a mark above a symbol, and make another one of it. */
export const accents = new Set("vec overline hat bar tilde overrightarrow".split(" "))

/** Whether a token can stand beside a factor and multiply it. */
export const startsFactor = (token: Token | undefined): boolean => {
  if (token === undefined) return false
  if (token.kind === "letters") return true
  if (token.kind === "symbol") return token.value === "(" || token.value === "{"
  if (token.kind !== "command") return false
  const { value } = token
  return (
    ["frac", "sqrt", "pi", "binom"].includes(value) ||
    logarithms.has(value) ||
    hyperbolic.has(value) ||
    rounding.has(value) ||
    greek.has(value) ||
    functions.has(value) ||
    accents.has(value)
  )
}
