import {
  type ArithmeticEquation,
  type ArithmeticOperator,
  type ArithmeticStep,
  calculate,
  pickIndex,
  type RandomKey,
  split,
  uniform,
  workOut
} from "@tracer-sdk/core"

const largestNumber = 99

/** Amounts by which a wrong result is off, each with its share of the wrong results. */
const offsets: ReadonlyArray<{ readonly by: number; readonly share: number }> = [
  { by: 1, share: 0.2 },
  { by: -1, share: 0.2 },
  { by: 2, share: 0.1 },
  { by: -2, share: 0.1 },
  { by: 10, share: 0.15 },
  { by: -10, share: 0.15 }
]
/** The rest of the slips take the wrong operation, and get it right. */
const wrongOperation: Readonly<Record<ArithmeticOperator, ArithmeticOperator>> = {
  "+": "-",
  "-": "+",
  "*": "+"
}

const inRange = (value: number): boolean => value >= 0 && value <= largestNumber

const slipped = (
  key: RandomKey,
  left: number,
  operator: ArithmeticOperator,
  right: number
): ArithmeticEquation | undefined => {
  const kind = pickIndex([...offsets.map(({ share }) => share), 1], uniform(key))
  const offset = offsets[kind]
  const written = offset === undefined ? wrongOperation[operator] : operator
  const result = calculate(left, written, right) + (offset?.by ?? 0)
  return inRange(result) ? { left, operator: written, right, result } : undefined
}

/**
 * The steps as someone writes them who slips at each with probability `rate`, and goes on with what was written.
 *
 * A slip is a result within 0 and 99 that is off by 1, 2 or 10, or the wrong operation.
 */
export const workOutWithSlips = (
  key: RandomKey,
  steps: ReadonlyArray<ArithmeticStep>,
  rate: number
): ReadonlyArray<ArithmeticEquation> =>
  workOut(steps, (left, operator, right, index) => {
    const own = split(key, index)
    if (uniform(own) < rate) {
      for (let attempt = 0; attempt < 20; attempt++) {
        const wrong = slipped(split(own, attempt), left, operator, right)
        if (wrong !== undefined) return wrong
      }
    }
    return { left, operator, right, result: calculate(left, operator, right) }
  })
