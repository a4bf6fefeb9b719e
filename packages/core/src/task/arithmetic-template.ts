import type { ArithmeticOperand, ArithmeticOperator, ArithmeticStep } from "./arithmetic-problem.ts"

/** What a question is about: three different people, two different kinds of thing. */
export interface ArithmeticScene {
  readonly people: readonly [string, string, string]
  readonly things: readonly [string, string]
}

/** A kind of word problem. */
export interface ArithmeticTemplate {
  readonly name: string
  /** How often it is drawn, relative to the others. */
  readonly weight: number
  /** The largest value of each quantity, in the order in which they are told; the smallest is always 2. */
  readonly largest: ReadonlyArray<number>
  readonly steps: ReadonlyArray<ArithmeticStep>
  readonly tell: (scene: ArithmeticScene, quantities: ReadonlyArray<number>) => string
}

/** Operands by place: `"a"`, `"b"` ... are quantities, a number is the result of that step. */
type Place = "a" | "b" | "c" | "d" | number

/** A step over places, to be filled with the quantities of a question. */
const step = (left: Place, operator: ArithmeticOperator, right: Place): ArithmeticStep => ({
  left: operand(left),
  operator,
  right: operand(right)
})

const operand = (place: Place): ArithmeticOperand =>
  typeof place === "number" ? { resultOf: place } : { quantity: "abcd".indexOf(place) }

/** The steps with quantities in the place of their indices. */
export const fillSteps = (
  steps: ReadonlyArray<ArithmeticStep>,
  quantities: ReadonlyArray<number>
): ReadonlyArray<ArithmeticStep> => {
  const fill = (place: ArithmeticOperand): ArithmeticOperand => {
    if ("resultOf" in place) return place
    const quantity = quantities[place.quantity]
    if (quantity === undefined) throw new Error(`The question tells no quantity ${place.quantity}.`)
    return { quantity }
  }
  return steps.map(({ left, operator, right }) => ({ left: fill(left), operator, right: fill(right) }))
}

/** The word problems: one, two (mostly) and three steps. */
export const arithmeticTemplates: ReadonlyArray<ArithmeticTemplate> = [
  {
    name: "more",
    weight: 2,
    largest: [20, 20],
    steps: [step("a", "+", "b")],
    tell: ({ people: [n], things: [o] }, [a, b]) =>
      `${n} has ${a} ${o} and buys ${b} more. How many ${o} does ${n} have?`
  },
  {
    name: "left",
    weight: 2,
    largest: [20, 20],
    steps: [step("a", "-", "b")],
    tell: ({ people: [n, m], things: [o] }, [a, b]) =>
      `${n} has ${a} ${o} and gives ${b} to ${m}. How many ${o} are left?`
  },
  {
    name: "bags",
    weight: 2,
    largest: [9, 9],
    steps: [step("a", "*", "b")],
    tell: ({ people: [n], things: [o] }, [a, b]) =>
      `${n} has ${a} bags with ${b} ${o} each. How many ${o} does ${n} have?`
  },
  {
    name: "together",
    weight: 4,
    largest: [20, 20],
    steps: [step("a", "+", "b"), step("a", "+", 0)],
    tell: ({ people: [n, m], things: [o] }, [a, b]) =>
      `${n} has ${a} ${o}. ${m} has ${b} more than ${n}. How many ${o} do they have?`
  },
  {
    name: "more-left",
    weight: 4,
    largest: [20, 20, 20],
    steps: [step("a", "+", "b"), step(0, "-", "c")],
    tell: ({ people: [n, m], things: [o] }, [a, b, c]) =>
      `${n} has ${a} ${o}, buys ${b} more and gives ${c} to ${m}. How many ${o} are left?`
  },
  {
    name: "bags-more",
    weight: 4,
    largest: [9, 9, 20],
    steps: [step("a", "*", "b"), step(0, "+", "c")],
    tell: ({ people: [n], things: [o] }, [a, b, c]) =>
      `${n} has ${a} bags with ${b} ${o} each and finds ${c} more. How many ${o} does ${n} have?`
  },
  {
    name: "bags-left",
    weight: 4,
    largest: [9, 9, 20],
    steps: [step("a", "*", "b"), step(0, "-", "c")],
    tell: ({ people: [n], things: [o] }, [a, b, c]) =>
      `${n} has ${a} bags with ${b} ${o} each and loses ${c}. How many ${o} are left?`
  },
  {
    name: "times",
    weight: 4,
    largest: [9, 9],
    steps: [step("a", "*", "b"), step(0, "+", "a")],
    tell: ({ people: [n, m], things: [o] }, [a, b]) =>
      `${n} has ${a} ${o}. ${m} has ${b} times as many. How many ${o} do they have?`
  },
  {
    name: "shop",
    weight: 4,
    largest: [20, 20, 20],
    steps: [step("a", "-", "b"), step(0, "-", "c")],
    tell: ({ people: [n, m], things: [o] }, [a, b, c]) =>
      `A shop has ${a} ${o}. ${n} buys ${b} and ${m} buys ${c}. How many ${o} are left?`
  },
  {
    name: "days",
    weight: 4,
    largest: [20, 20, 20],
    steps: [step("a", "+", "b"), step(0, "+", "c")],
    tell: ({ people: [n], things: [o] }, [a, b, c]) =>
      `${n} finds ${a} ${o} on Monday, ${b} on Tuesday and ${c} on Friday. How many ${o} does ${n} have?`
  },
  {
    name: "pay",
    weight: 2,
    largest: [9, 9, 9, 9],
    steps: [step("a", "*", "b"), step("c", "*", "d"), step(0, "+", 1)],
    tell: ({ people: [n], things: [o, p] }, [a, b, c, d]) =>
      `${n} buys ${a} ${o} for ${b} coins each and ${c} ${p} for ${d} coins each. How many coins does ${n} pay?`
  },
  {
    name: "bags-more-left",
    weight: 2,
    largest: [9, 9, 20, 20],
    steps: [step("a", "*", "b"), step(0, "+", "c"), step(1, "-", "d")],
    tell: ({ people: [n, m], things: [o] }, [a, b, c, d]) =>
      `${n} has ${a} bags with ${b} ${o} each, finds ${c} more and gives ${d} to ${m}. How many ${o} are left?`
  },
  {
    name: "three-people",
    weight: 2,
    largest: [20, 20, 20],
    steps: [step("a", "+", "b"), step(0, "-", "c"), step("a", "+", 1)],
    tell: ({ people: [n, m, k], things: [o] }, [a, b, c]) =>
      `${n} has ${a} ${o}. ${m} has ${b} more than ${n}. ${k} has ${c} fewer than ${m}. How many ${o} do ${n} and ${k} have?`
  }
]
