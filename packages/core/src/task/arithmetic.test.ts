import fc from "fast-check"
import { expect, test } from "vitest"
import { arithmeticProblems, arithmeticSplit, arithmeticTasks } from "./arithmetic.ts"
import { lastResult, workOut } from "./arithmetic-problem.ts"
import { arithmeticTemplates, fillSteps } from "./arithmetic-template.ts"
import { graderFor } from "./grader-for.ts"

const train = arithmeticProblems({ seed: 1, count: 2000, split: "train" })
const held = arithmeticProblems({ seed: 1, count: 2000, split: "test" })

test("the same seed gives the same tasks, another seed others, and a larger count goes on", () => {
  const tasks = arithmeticTasks({ seed: 1, count: 50, split: "train" })
  expect(tasks).toEqual(arithmeticTasks({ seed: 1, count: 2000, split: "train" }).slice(0, 50))
  const others = arithmeticTasks({ seed: 2, count: 50, split: "train" })
  expect(others.map(({ question }) => question)).not.toEqual(tasks.map(({ question }) => question))
})

test("no question is in both splits or comes twice", () => {
  const trained = new Set(train.map(({ question }) => question))
  expect(trained.size).toBe(2000)
  expect(new Set(held.map(({ question }) => question)).size).toBe(2000)
  expect(held.filter(({ question }) => trained.has(question))).toEqual([])
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.constantFrom("train", "test"), (seed, split) => {
      const questions = arithmeticTasks({ seed, count: 20, split }).map(({ question }) => question)
      return questions.every((question) => arithmeticSplit(question) === split)
    }),
    { numRuns: 20 }
  )
})

test("golds are the results of the steps, and the grader reads them", () => {
  const tasks = arithmeticTasks({ seed: 1, count: 2000, split: "train" })
  tasks.slice(0, 300).forEach((task, index) => {
    const answer = lastResult(workOut(train[index]?.steps ?? []))
    expect(task.gold).toBe(`#### ${answer}`)
    const grader = graderFor(task)
    const read = grader.read(`Final answer: ${answer}`)
    const truth = grader.gold(task.gold ?? "")
    if (read.kind !== "answer" || truth.kind !== "answer") throw new Error(`unreadable: ${task.gold}`)
    expect(grader.equal(read.answer, truth.answer)).toBe(true)
  })
})

test("a question tells the quantities of its steps, in range", () => {
  for (const { question, steps } of [...train.slice(0, 300), ...held.slice(0, 300)]) {
    const told = (question.match(/\d+/g) ?? []).map(Number)
    expect(told.filter((quantity) => quantity < 2 || quantity > 20)).toEqual([])
    const used = new Set(
      steps
        .flatMap(({ left, right }) => [left, right])
        .flatMap((place) => ("quantity" in place ? [place.quantity] : []))
    )
    expect(used).toEqual(new Set(told))
    const outOfRange = workOut(steps).filter(
      ({ left, operator, right, result }) =>
        result < 1 || result > 99 || (operator === "*" && Math.max(left, right) > 9)
    )
    expect(outOfRange).toEqual([])
  }
})

test("most problems take two steps, and every template is drawn as often as its weight says", () => {
  const twoSteps = train.filter(({ steps }) => steps.length === 2).length / train.length
  expect(twoSteps).toBeGreaterThan(0.6)
  expect(twoSteps).toBeLessThan(0.8)
  expect(train.filter(({ steps }) => steps.length > 3)).toEqual([])
  const total = arithmeticTemplates.reduce((sum, { weight }) => sum + weight, 0)
  const share = arithmeticTemplates.find(({ name }) => name === "shop")?.weight ?? 0
  const shops = train.filter(({ question }) => question.startsWith("A shop")).length / train.length
  expect(Math.abs(shops - share / total)).toBeLessThan(0.02)
})

test("a known problem, word for word", () => {
  const shop = arithmeticTemplates.find(({ name }) => name === "shop")
  expect(shop?.tell({ people: ["Mia", "Tom", "Ana"], things: ["pens", "eggs"] }, [18, 5, 7])).toBe(
    "A shop has 18 pens. Mia buys 5 and Tom buys 7. How many pens are left?"
  )
  expect(workOut(fillSteps(shop?.steps ?? [], [18, 5, 7]))).toEqual([
    { left: 18, operator: "-", right: 5, result: 13 },
    { left: 13, operator: "-", right: 7, result: 6 }
  ])
})
