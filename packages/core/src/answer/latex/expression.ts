import { add, divide, multiply, negate, power, print, type Rational } from "../rational.ts"

/** A formula's tree; what has no kind of its own (an unknown function) is `opaque` and never evaluated. */
export type Expression =
  | { readonly kind: "number"; readonly value: Rational }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "constant"; readonly name: "pi" | "e" | "i" }
  | { readonly kind: "sum"; readonly terms: ReadonlyArray<Expression> }
  | { readonly kind: "product"; readonly factors: ReadonlyArray<Expression> }
  | { readonly kind: "quotient"; readonly of: Expression; readonly by: Expression }
  | { readonly kind: "negative"; readonly of: Expression }
  | { readonly kind: "power"; readonly base: Expression; readonly exponent: Expression }
  | { readonly kind: "root"; readonly of: Expression; readonly degree: number }
  | { readonly kind: "factorial"; readonly of: Expression }
  | { readonly kind: "absolute"; readonly of: Expression }
  | { readonly kind: "degrees"; readonly of: Expression }
  | { readonly kind: "call"; readonly name: FunctionName; readonly argument: Expression }
  | { readonly kind: "logarithm"; readonly of: Expression; readonly base?: Expression }
  | { readonly kind: "opaque"; readonly name: string; readonly argument: Expression }

export type FunctionName =
  | "sin"
  | "cos"
  | "tan"
  | "cot"
  | "sec"
  | "csc"
  | "exp"
  | "ln"
  | "arcsin"
  | "arccos"
  | "arctan"
  | "floor"
  | "ceil"

export const wholeNumber = (value: number): Expression => ({
  kind: "number",
  value: { numerator: BigInt(value), denominator: 1n }
})

/** The product of one factor or more; one alone is itself. */
export const productOf = (factors: ReadonlyArray<Expression>): Expression => {
  const [only] = factors
  return factors.length === 1 && only !== undefined ? only : { kind: "product", factors }
}

/** The parts of a tree's node. */
export const children = (expression: Expression): ReadonlyArray<Expression> => {
  switch (expression.kind) {
    case "number":
    case "symbol":
    case "constant":
      return []
    case "sum":
      return expression.terms
    case "product":
      return expression.factors
    case "quotient":
      return [expression.of, expression.by]
    case "power":
      return [expression.base, expression.exponent]
    case "call":
    case "opaque":
      return [expression.argument]
    case "logarithm":
      return expression.base === undefined ? [expression.of] : [expression.of, expression.base]
    default:
      return [expression.of]
  }
}

const fold = (
  parts: ReadonlyArray<Expression>,
  apply: (left: Rational, right: Rational) => Rational | undefined
): Rational | undefined => {
  let total: Rational | undefined
  for (const part of parts) {
    const value = rationalValue(part)
    if (value === undefined) return undefined
    total = total === undefined ? value : apply(total, value)
    if (total === undefined) return undefined
  }
  return total
}

/** The exact value of a tree that holds only numbers and the four operations with whole powers. */
export const rationalValue = (expression: Expression): Rational | undefined => {
  switch (expression.kind) {
    case "number":
      return expression.value
    case "negative": {
      const value = rationalValue(expression.of)
      return value === undefined ? undefined : negate(value)
    }
    case "sum":
      return fold(expression.terms, add)
    case "product":
      return fold(expression.factors, multiply)
    case "quotient":
      return fold([expression.of, expression.by], divide)
    case "power":
      return fold([expression.base, expression.exponent], power)
    default:
      return undefined
  }
}

/** One spelling for each tree: numbers as fractions in lowest terms, the rest in the order in which it was written. */
export const printExpression = (expression: Expression): string => {
  const value = rationalValue(expression)
  if (value !== undefined) return print(value)
  const parts = children(expression).map(printExpression)
  switch (expression.kind) {
    case "number":
      return print(expression.value)
    case "symbol":
      return expression.name
    case "constant":
      return expression.name === "pi" ? "π" : expression.name
    case "sum":
      return `(${parts.join(" + ")})`
    case "product":
      return `(${parts.join(" * ")})`
    case "quotient":
      return `(${parts.join(" / ")})`
    case "power":
      return `(${parts.join(" ^ ")})`
    case "root":
      return `root${expression.degree}(${parts.join()})`
    case "call":
    case "opaque":
      return `${expression.name}(${parts.join()})`
    default:
      return `${expression.kind}(${parts.join()})`
  }
}
