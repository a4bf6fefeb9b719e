/** An arithmetic operation of the word problems. */
export type ArithmeticOperator = "+" | "-" | "*"

/** A quantity of the question, or the result of an earlier step (counted from 0). */
export type ArithmeticOperand = { readonly quantity: number } | { readonly resultOf: number }

/** One step towards the answer, as in `14+18`. */
export interface ArithmeticStep {
  readonly left: ArithmeticOperand
  readonly operator: ArithmeticOperator
  readonly right: ArithmeticOperand
}

/** A word problem with the steps that solve it; the last step's result is the answer. */
export interface ArithmeticProblem {
  readonly id: string
  readonly question: string
  readonly steps: ReadonlyArray<ArithmeticStep>
}

/** A step with its numbers, as in `14+18=32`. */
export interface ArithmeticEquation {
  readonly left: number
  readonly operator: ArithmeticOperator
  readonly right: number
  readonly result: number
}

/** The result of `left operator right`. */
export const calculate = (left: number, operator: ArithmeticOperator, right: number): number => {
  switch (operator) {
    case "+":
      return left + right
    case "-":
      return left - right
    case "*":
      return left * right
  }
}

/** What is written for a step whose operands are known: by default the truth. */
export type WriteEquation = (
  left: number,
  operator: ArithmeticOperator,
  right: number,
  index: number
) => ArithmeticEquation

const truth: WriteEquation = (left, operator, right) => ({
  left,
  operator,
  right,
  result: calculate(left, operator, right)
})

/** The steps worked out in order; later steps go on with the results that `write` gave to earlier ones. */
export const workOut = (
  steps: ReadonlyArray<ArithmeticStep>,
  write: WriteEquation = truth
): ReadonlyArray<ArithmeticEquation> => {
  const equations: Array<ArithmeticEquation> = []
  const value = (operand: ArithmeticOperand): number => {
    if ("quantity" in operand) return operand.quantity
    const earlier = equations[operand.resultOf]
    if (earlier === undefined) throw new Error(`Step ${operand.resultOf} has no result yet.`)
    return earlier.result
  }
  steps.forEach((step, index) => {
    equations.push(write(value(step.left), step.operator, value(step.right), index))
  })
  return equations
}

/** The answer that a list of equations ends with. */
export const lastResult = (equations: ReadonlyArray<ArithmeticEquation>): number => {
  const last = equations.at(-1)
  if (last === undefined) throw new Error("A problem without steps has no answer.")
  return last.result
}
