import { seedKey, split, uniform } from "../../random.ts"
import { print } from "../rational.ts"
import { type Complex, type Evaluation, evaluate, type Point, survey } from "./evaluate.ts"
import { type Expression, printExpression, rationalValue } from "./expression.ts"
import { type Interval, ratio, sameNumber } from "./fixed.ts"
import { type Form, printForm } from "./form.ts"
import { isNamed, type Relation } from "./parse-relation.ts"
import { sameRealSet } from "./real-set.ts"
import { sameUnit } from "./units.ts"

/** Formulas are compared at so many points; roots and logarithms may leave some of them undefined. */
const maximumPoints = 8
const neededPoints = 2
const maximumNodes = 400
const maximumCostly = 32
const maximumItems = 24

/** The first points are positive, where all roots are defined; the others tell x from its absolute value. */
const positivePoints = 3

const coordinates = split(seedKey(0), "formula-points")

const coordinate = (name: string, index: number): Interval => {
  const key = split(coordinates, name, index)
  const size = 0.25 + 2.5 * uniform(key, 0)
  const isNegative = index >= positivePoints && uniform(key, 1) < 0.5
  return ratio(BigInt(Math.round((isNegative ? -size : size) * 2 ** 40)), 1n << 40n)
}

const sameValue = (x: Complex, y: Complex): boolean => sameNumber(x.re, y.re) && sameNumber(x.im, y.im)

/** `same` and `different` where both are known, `undefined` where neither has a value. */
const compareAt = (left: Evaluation, right: Evaluation): "same" | "different" | "undefined" => {
  if (left.kind === "value" && right.kind === "value")
    return sameValue(left.value, right.value) ? "same" : "different"
  return left.kind === "undefined" && right.kind === "undefined" ? "undefined" : "different"
}

const pointsFor = (expressions: ReadonlyArray<Expression>): ReadonlyArray<Point> | undefined => {
  const surveys = expressions.map(survey)
  if (surveys.some((found) => found.nodes > maximumNodes || found.costly > maximumCostly)) return undefined
  const complex = surveys.some((found) => found.imaginary)
  const count = surveys.some((found) => found.symbols.size > 0) ? maximumPoints : 1
  return Array.from({ length: count }, (_, index) => ({ symbol: (name) => coordinate(name, index), complex }))
}

/**
 * Whether two formulas are equal wherever they are defined: exactly if they hold only numbers and the four operations,
 * else by their values at fixed points to 100 digits. Where that cannot be decided they count as different.
 */
export const sameExpression = (left: Expression, right: Expression): boolean => {
  const [exactLeft, exactRight] = [rationalValue(left), rationalValue(right)]
  if (exactLeft !== undefined && exactRight !== undefined) return print(exactLeft) === print(exactRight)
  if (printExpression(left) === printExpression(right)) return true
  const points = pointsFor([left, right])
  if (points === undefined) return false
  let agreed = 0
  for (const point of points) {
    const result = compareAt(evaluate(left, point), evaluate(right, point))
    if (result === "different") return false
    if (result === "same") agreed++
  }
  return agreed >= Math.min(neededPoints, points.length)
}

const difference = (sides: ReadonlyArray<Form>): Expression | undefined => {
  const [left, right] = sides
  if (sides.length !== 2 || left?.kind !== "scalar" || right?.kind !== "scalar") return undefined
  return { kind: "sum", terms: [left.expression, { kind: "negative", of: right.expression }] }
}

const swap = (expression: Expression, by: Expression): Expression => ({
  kind: "product",
  factors: [expression, by]
})

/** Whether two equations are multiples of each other: d1(p) d2(q) = d1(q) d2(p) for the differences of their sides. */
const sameEquation = (left: ReadonlyArray<Form>, right: ReadonlyArray<Form>): boolean => {
  const [first, second] = [difference(left), difference(right)]
  if (first === undefined || second === undefined) return false
  const renamed = [first, second].map((expression) => rename(expression))
  const [firstThere, secondThere] = renamed
  if (firstThere === undefined || secondThere === undefined) return false
  const hasSymbols = survey(first).symbols.size > 0 && survey(second).symbols.size > 0
  return hasSymbols && sameExpression(swap(first, secondThere), swap(firstThere, second))
}

/** The same formula at an independent point. */
const rename = (expression: Expression): Expression => {
  switch (expression.kind) {
    case "number":
    case "constant":
      return expression
    case "symbol":
      return { kind: "symbol", name: `${expression.name} there` }
    case "sum":
      return { ...expression, terms: expression.terms.map(rename) }
    case "product":
      return { ...expression, factors: expression.factors.map(rename) }
    case "quotient":
      return { ...expression, of: rename(expression.of), by: rename(expression.by) }
    case "power":
      return { ...expression, base: rename(expression.base), exponent: rename(expression.exponent) }
    case "call":
    case "opaque":
      return { ...expression, argument: rename(expression.argument) }
    case "logarithm":
      return expression.base === undefined
        ? { ...expression, of: rename(expression.of) }
        : { ...expression, of: rename(expression.of), base: rename(expression.base) }
    default:
      return { ...expression, of: rename(expression.of) }
  }
}

const sameInOrder = (left: ReadonlyArray<Form>, right: ReadonlyArray<Form>): boolean =>
  left.length === right.length &&
  left.every((form, index) => {
    const other = right[index]
    return other !== undefined && sameForm(form, other)
  })

const sameInAnyOrder = (left: ReadonlyArray<Form>, right: ReadonlyArray<Form>): boolean => {
  if (left.length !== right.length || left.length > maximumItems) return false
  const rest = [...right]
  return left.every((form) => {
    const at = rest.findIndex((other) => sameForm(form, other))
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  })
}

const mirrored: Readonly<Record<string, string>> = { "<": ">", ">": "<", le: "ge", ge: "le" }

const sameRelation = (left: Relation, right: Relation): boolean => {
  const [mine, theirs] = [left.operators.join(), right.operators.join()]
  if (mine === theirs && sameInOrder(left.sides, right.sides)) return true
  const reversed = right.operators.toReversed().map((operator) => mirrored[operator] ?? operator)
  if (mine === reversed.join() && sameInOrder(left.sides, right.sides.toReversed())) return true
  return mine === "=" && theirs === "=" && sameEquation(left.sides, right.sides)
}

/** The one element of a set; a set of one is as good an answer as its element. */
const loneElement = (form: Form): Form | undefined =>
  form.kind === "collection" && form.style === "set" && form.items.length === 1 ? form.items[0] : undefined

const isSeveral = (form: Form): form is Extract<Form, { readonly kind: "collection" }> =>
  form.kind === "collection" && (form.style === "list" || form.style === "set")

/** Whether two answers of the same shape are the same, part by part. */
const sameShape = (left: Form, right: Form): boolean => {
  if (left.kind === "scalar" && right.kind === "scalar")
    return sameUnit(left.unit, right.unit) && sameExpression(left.expression, right.expression)
  if (isSeveral(left) && isSeveral(right)) return sameInAnyOrder(left.items, right.items)
  if (left.kind === "collection" && right.kind === "collection")
    return left.style === right.style && sameInAnyOrder(left.items, right.items)
  if (left.kind === "sequence" && right.kind === "sequence")
    return left.open === right.open && left.close === right.close && sameInOrder(left.items, right.items)
  if (left.kind === "matrix" && right.kind === "matrix")
    return (
      left.style === right.style &&
      left.rows.length === right.rows.length &&
      left.rows.every((row, index) => sameInOrder(row, right.rows[index] ?? []))
    )
  if (left.kind === "ratio" && right.kind === "ratio")
    return left.suffix === right.suffix && sameInOrder(left.parts, right.parts)
  return false
}

/** Whether two answers are the same, by what they mean. Symmetric; forms that print alike are always the same. */
export const sameForm = (left: Form, right: Form): boolean => {
  if (printForm(left) === printForm(right)) return true
  if (left.kind === "relation" && right.kind === "relation" && sameRelation(left, right)) return true
  if (isNamed(left) !== isNamed(right)) {
    const [named, other] = isNamed(left) ? [left, right] : [right, left]
    const value = isNamed(named) ? named.sides[1] : undefined
    if (value !== undefined && other.kind !== "relation") return sameForm(value, other)
  }
  const [mine, theirs] = [loneElement(left), loneElement(right)]
  if (mine !== undefined && right.kind !== "collection") return sameForm(mine, right)
  if (theirs !== undefined && left.kind !== "collection") return sameForm(left, theirs)
  return sameShape(left, right) || sameRealSet(left, right)
}
