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
  (["sin", "cos", "tan", "cot", "sec", "csc", "exp", "ln"] as const).map((name) => [name, name])
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
    ["frac", "sqrt", "pi", "log", "binom"].includes(value) ||
    greek.has(value) ||
    functions.has(value) ||
    accents.has(value)
  )
}
