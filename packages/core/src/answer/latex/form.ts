import type { Tokens } from "./brackets.ts"
import { type Expression, printExpression } from "./expression.ts"

/** What an answer is as a whole: a formula, or a collection of forms; what cannot be understood stays `verbatim`. */
export type Form =
  | { readonly kind: "scalar"; readonly expression: Expression; readonly unit: string }
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "verbatim"; readonly text: string }
  /** A point, a vector, an interval: its brackets and its order count. */
  | {
      readonly kind: "sequence"
      readonly open: string
      readonly close: string
      readonly items: ReadonlyArray<Form>
    }
  /** Items whose order does not count: several answers, a set, a union or an intersection of sets. */
  | {
      readonly kind: "collection"
      readonly style: "list" | "set" | "union" | "intersection"
      readonly items: ReadonlyArray<Form>
    }
  | { readonly kind: "difference"; readonly of: Form; readonly without: ReadonlyArray<Form> }
  | { readonly kind: "matrix"; readonly style: string; readonly rows: ReadonlyArray<ReadonlyArray<Form>> }
  | {
      readonly kind: "relation"
      readonly operators: ReadonlyArray<string>
      readonly sides: ReadonlyArray<Form>
    }
  | { readonly kind: "ratio"; readonly parts: ReadonlyArray<Form>; readonly suffix: string }
  | { readonly kind: "numeral"; readonly digits: string; readonly base: string }

/** Reads the tokens of a part of an answer; the parts' readers call it for what they hold. */
export type Parse = (tokens: Tokens, depth: number) => Form

/** One spelling for each form; forms that are spelled alike are equal. */
export const printForm = (form: Form): string => {
  const all = (forms: ReadonlyArray<Form>): ReadonlyArray<string> => forms.map(printForm)
  switch (form.kind) {
    case "scalar":
      return printExpression(form.expression) + (form.unit === "" ? "" : ` [${form.unit}]`)
    case "word":
      return `"${form.text}"`
    case "verbatim":
      return `\`${form.text}\``
    case "sequence":
      return `${form.open}${all(form.items).join(", ")}${form.close}`
    case "collection":
      return `${form.style}{${all(form.items).toSorted().join("; ")}}`
    case "difference":
      return `(${[form.of, ...form.without].map(printForm).join(" \\ ")})`
    case "matrix":
      return `${form.style}[${form.rows.map((row) => all(row).join(", ")).join("; ")}]`
    case "relation":
      return all(form.sides).reduce((left, side, index) => `${left} ${form.operators[index - 1]} ${side}`)
    case "ratio":
      return `${all(form.parts).join(" : ")}${form.suffix}`
    case "numeral":
      return `${form.digits}_${form.base}`
  }
}

/** Whether both are there and spelled alike. */
export const spelledAlike = (left: Form | undefined, right: Form | undefined): boolean =>
  left !== undefined && right !== undefined && printForm(left) === printForm(right)
