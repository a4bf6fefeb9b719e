import { evaluate, survey } from "./evaluate.ts"
import type { Expression } from "./expression.ts"
import { type Interval, sameNumber } from "./fixed.ts"
import type { Form } from "./form.ts"
import { isInequality, type Relation } from "./parse-relation.ts"

/** An end of an interval of the real line. */
type End = Interval | "-∞" | "∞"

interface Piece {
  readonly low: End
  readonly high: End
  readonly hasLow: boolean
  readonly hasHigh: boolean
}

/** Disjoint pieces in ascending order, of which no two could be one. */
type RealSet = ReadonlyArray<Piece>

/** Thrown where a form is no set of real numbers, or the order of two ends is uncertain. Caught by `sameRealSet`. */
class Undecided extends Error {}

const line: RealSet = [{ low: "-∞", high: "∞", hasLow: false, hasHigh: false }]

const compare = (left: End, right: End): number => {
  if (left === right) return 0
  if (left === "-∞" || right === "∞") return -1
  if (left === "∞" || right === "-∞") return 1
  if (left.high < right.low) return -1
  if (left.low > right.high) return 1
  if (sameNumber(left, right)) return 0
  throw new Undecided("which end is larger")
}

/** The pieces that hold a number at least, in ascending order, joined where they touch. */
const joined = (pieces: ReadonlyArray<Piece>): RealSet => {
  const sorted = pieces
    .filter(({ low, high, hasLow, hasHigh }) => {
      const order = compare(low, high)
      return order < 0 || (order === 0 && hasLow && hasHigh)
    })
    .toSorted((left, right) => compare(left.low, right.low) || Number(right.hasLow) - Number(left.hasLow))
  const result: Array<Piece> = []
  for (const piece of sorted) {
    const last = result.at(-1)
    const gap = last === undefined ? 1 : compare(piece.low, last.high)
    if (last === undefined || gap > 0 || (gap === 0 && !piece.hasLow && !last.hasHigh)) {
      result.push(piece)
      continue
    }
    const order = compare(piece.high, last.high)
    if (order < 0) continue
    const hasHigh = order > 0 ? piece.hasHigh : piece.hasHigh || last.hasHigh
    result.splice(-1, 1, { ...last, high: piece.high, hasHigh })
  }
  return result
}

const meet = (left: Piece, right: Piece): Piece => {
  const low = compare(left.low, right.low)
  const high = compare(left.high, right.high)
  return {
    low: low >= 0 ? left.low : right.low,
    hasLow: low > 0 ? left.hasLow : low < 0 ? right.hasLow : left.hasLow && right.hasLow,
    high: high <= 0 ? left.high : right.high,
    hasHigh: high < 0 ? left.hasHigh : high > 0 ? right.hasHigh : left.hasHigh && right.hasHigh
  }
}

const intersection = (left: RealSet, right: RealSet): RealSet =>
  joined(left.flatMap((mine) => right.map((theirs) => meet(mine, theirs))))

const complement = (set: RealSet): RealSet =>
  set
    .map(({ low, high, hasLow, hasHigh }) =>
      joined([
        { low: "-∞", high: low, hasLow: false, hasHigh: !hasLow && low !== "-∞" },
        { low: high, high: "∞", hasLow: !hasHigh && high !== "∞", hasHigh: false }
      ])
    )
    .reduce(intersection, line)

const isInfinity = (expression: Expression): boolean =>
  expression.kind === "symbol" && expression.name === "\\infty"

const endOf = (form: Form | undefined): End => {
  if (form?.kind !== "scalar") throw new Undecided("no number")
  const { expression } = form
  if (isInfinity(expression)) return "∞"
  if (expression.kind === "negative" && isInfinity(expression.of)) return "-∞"
  if (survey(expression).symbols.size > 0) throw new Undecided("a variable")
  const found = evaluate(expression, {
    symbol: () => {
      throw new Undecided("a variable")
    },
    complex: false
  })
  if (found.kind !== "value") throw new Undecided("no value")
  return found.value.re
}

const point = (form: Form): Piece => {
  const at = endOf(form)
  if (typeof at === "string") throw new Undecided("infinity is no number")
  return { low: at, high: at, hasLow: true, hasHigh: true }
}

const isVariable = (form: Form | undefined): boolean =>
  form?.kind === "scalar" && form.expression.kind === "symbol" && !isInfinity(form.expression)

/** Where `x < end` or `end < x` holds. */
const ray = (operator: string, end: End, isLeft: boolean): RealSet => {
  const includes = operator === "le" || operator === "ge"
  const isBelow = (operator === "<" || operator === "le") === isLeft
  return joined([
    isBelow
      ? { low: "-∞", high: end, hasLow: false, hasHigh: includes }
      : { low: end, high: "∞", hasLow: includes, hasHigh: false }
  ])
}

const fromRelation = ({ operators, sides }: Relation): RealSet => {
  const at = sides.findIndex(isVariable)
  if (at < 0 || sides.filter(isVariable).length > 1 || sides.length > 3)
    throw new Undecided("no bounds of a variable")
  if (sides.length === 3 && at !== 1) throw new Undecided("an unusual chain")
  const bounds = operators.map((operator, index) => {
    const isLeft = index === at
    const end = endOf(sides[isLeft ? index + 1 : index])
    if (operator === "ne") {
      if (typeof end === "string") throw new Undecided("infinity is no number")
      return complement([{ low: end, high: end, hasLow: true, hasHigh: true }])
    }
    return ray(operator, end, isLeft)
  })
  return bounds.reduce(intersection, line)
}

const everything = /^(?:the )?(?:set of )?(?:all )?real(?: number)?s?(?: x)?$/
const nothing = /^(?:no (?:real )?solutions?|(?:the )?empty set)$/

const toRealSet = (form: Form): RealSet => {
  switch (form.kind) {
    case "sequence": {
      const [low, high] = form.items
      if (form.items.length !== 2 || !"([".includes(form.open) || !")]".includes(form.close))
        throw new Undecided("no interval")
      return joined([
        { low: endOf(low), high: endOf(high), hasLow: form.open === "[", hasHigh: form.close === "]" }
      ])
    }
    case "collection":
      if (form.style === "list") throw new Undecided("several answers")
      if (form.style === "set") return joined(form.items.map(point))
      return form.style === "union"
        ? joined(form.items.flatMap(toRealSet))
        : form.items.map(toRealSet).reduce(intersection, line)
    case "difference":
      return form.without.map((part) => complement(toRealSet(part))).reduce(intersection, toRealSet(form.of))
    case "relation":
      if (isInequality(form)) return fromRelation(form)
      if (form.operators.join() === "in" && isVariable(form.sides[0]) && form.sides[1] !== undefined)
        return toRealSet(form.sides[1])
      throw new Undecided("no inequality")
    case "verbatim":
      if (form.text === "\\mathbb R") return line
      if (form.text === "\\emptyset") return []
      throw new Undecided("words")
    case "word":
      if (everything.test(form.text)) return line
      if (nothing.test(form.text)) return []
      throw new Undecided("words")
    default:
      throw new Undecided("no set")
  }
}

/** The variables that a form bounds, as it names them. */
const variablesOf = (form: Form): ReadonlyArray<string> => {
  switch (form.kind) {
    case "relation":
      return form.sides.flatMap((side) =>
        side.kind === "scalar" && side.expression.kind === "symbol" && !isInfinity(side.expression)
          ? side.expression.name
          : []
      )
    case "collection":
      return form.items.flatMap(variablesOf)
    case "difference":
      return [form.of, ...form.without].flatMap(variablesOf)
    default:
      return []
  }
}

const maximumItems = 24

/** Whether a form can only be a set of reals: `(1, 2)` alone may be a point, and `1, 2` several answers. */
const isSet = (form: Form): boolean =>
  form.kind === "collection" ? form.style !== "list" : form.kind !== "sequence" && form.kind !== "scalar"

/**
 * Whether two forms are the same set of real numbers, however written: as intervals, unions, inequalities in one variable,
 * or with `\mathbb{R}` and `\emptyset`. False where that cannot be decided.
 */
export const sameRealSet = (left: Form, right: Form): boolean => {
  if (!isSet(left) && !isSet(right)) return false
  const variables = [left, right].map(variablesOf)
  if (variables.some((names) => names.length > maximumItems) || new Set(variables.flat()).size > 1)
    return false
  try {
    const [mine, theirs] = [toRealSet(left), toRealSet(right)]
    return (
      mine.length === theirs.length &&
      mine.every((piece, index) => {
        const other = theirs[index]
        return (
          other !== undefined &&
          piece.hasLow === other.hasLow &&
          piece.hasHigh === other.hasHigh &&
          compare(piece.low, other.low) === 0 &&
          compare(piece.high, other.high) === 0
        )
      })
    )
  } catch (error) {
    if (error instanceof Undecided) return false
    throw error
  }
}
