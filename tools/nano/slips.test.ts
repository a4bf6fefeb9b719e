import { arithmeticProblems, calculate, lastResult, seedKey, split, workOut } from "@tracer-sdk/core"
import { expect, test } from "vitest"
import { workOutWithSlips } from "./slips.ts"

const problems = arithmeticProblems({ seed: 3, count: 1500, split: "train" })
const key = split(seedKey(5), "slips")

test("nobody slips at rate 0", () => {
  for (const [i, { steps }] of problems.slice(0, 100).entries()) {
    expect(workOutWithSlips(split(key, i), steps, 0)).toEqual(workOut(steps))
  }
})

test("a slip is off by 1, 2 or 10, or a wrong operation, and later steps go on with it", () => {
  for (const [i, { steps }] of problems.slice(0, 200).entries()) {
    const written = workOutWithSlips(split(key, i), steps, 1)
    steps.forEach((step, at) => {
      const equation = written[at]
      if (equation === undefined) throw new Error("a step is missing")
      if ("resultOf" in step.left) expect(equation.left).toBe(written[step.left.resultOf]?.result)
      const off = Math.abs(equation.result - calculate(equation.left, equation.operator, equation.right))
      expect([0, 1, 2, 10]).toContain(off)
      if (at === 0) expect(off !== 0 || equation.operator !== step.operator).toBe(true)
    })
  }
})

test("at rate 0.2 one step in five slips, and two slips seldom cancel", () => {
  const slipped = problems.map(({ steps }, i) => {
    const written = workOutWithSlips(split(key, "rate", i), steps, 0.2)
    return {
      first: written[0]?.result !== workOut(steps)[0]?.result,
      right: lastResult(written) === lastResult(workOut(steps)),
      chance: 0.8 ** steps.length
    }
  })
  const share = (flags: ReadonlyArray<boolean>) => flags.filter(Boolean).length / flags.length
  expect(share(slipped.map(({ first }) => first))).toBeCloseTo(0.2, 1)
  const expected = slipped.reduce((sum, { chance }) => sum + chance, 0) / slipped.length
  expect(Math.abs(share(slipped.map(({ right }) => right)) - expected)).toBeLessThan(0.05)
})
