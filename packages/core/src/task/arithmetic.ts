import { below, pickIndex, type RandomKey, seedKey, shuffle, split, uniform } from "../random.ts"
import type { Task } from "../task.ts"
import { type ArithmeticProblem, lastResult, workOut } from "./arithmetic-problem.ts"
import {
  type ArithmeticScene,
  type ArithmeticTemplate,
  arithmeticTemplates,
  fillSteps
} from "./arithmetic-template.ts"

/** Which arithmetic word problems. */
export interface ArithmeticOptions {
  /** The same seed gives the same problems; a larger count goes on where a smaller one ended. */
  readonly seed: number
  readonly count: number
  /** No question is in both: its text alone decides where it belongs. */
  readonly split: "train" | "test"
}

const people = ["Mia", "Tom", "Ana", "Ben", "Eva", "Leo", "Zoe", "Sam", "Ida", "Max"]
const things = [
  "apples",
  "pens",
  "books",
  "eggs",
  "cards",
  "cups",
  "nuts",
  "stars",
  "keys",
  "hats",
  "balls",
  "toys"
]

const smallestQuantity = 2
const largestResult = 99
/** One question in five is held out. */
const heldOut = 0.2

const totalWeight = arithmeticTemplates.reduce((sum, { weight }) => sum + weight, 0)
const probabilities = arithmeticTemplates.map(({ weight }) => weight / totalWeight)
const splitKey = split(seedKey(0), "arithmetic", "split")

/** The split that a question belongs to, decided by its text alone. */
export const arithmeticSplit = (question: string): "train" | "test" =>
  uniform(split(splitKey, question)) < heldOut ? "test" : "train"

const drawScene = (key: RandomKey): ArithmeticScene => {
  const [first = "", second = "", third = ""] = shuffle(split(key, "people"), people)
  const [one = "", other = ""] = shuffle(split(key, "things"), things)
  return { people: [first, second, third], things: [one, other] }
}

/** A draw of the template's quantities, or `undefined` where a result leaves 1 to 99. */
const drawProblem = (
  key: RandomKey,
  template: ArithmeticTemplate
): Omit<ArithmeticProblem, "id"> | undefined => {
  const quantities = template.largest.map(
    (largest, index) => smallestQuantity + below(key, largest - smallestQuantity + 1, index)
  )
  const steps = fillSteps(template.steps, quantities)
  if (workOut(steps).some(({ result }) => result < 1 || result > largestResult)) return undefined
  return { question: template.tell(drawScene(key), quantities), steps }
}

/**
 * Arithmetic word problems with the steps that solve them: 1 to 3 steps, quantities 2 to 20, factors up to 9, results 1 to 99.
 *
 * A function of its options alone. No question comes twice.
 */
export const arithmeticProblems = (options: ArithmeticOptions): ReadonlyArray<ArithmeticProblem> => {
  const key = split(seedKey(options.seed), "arithmetic", options.split)
  const seen = new Set<string>()
  const problems: Array<ArithmeticProblem> = []
  for (let attempt = 0; problems.length < options.count; attempt++) {
    const own = split(key, attempt)
    // The template is kept until its quantities fit, so that the weights are what they say.
    const template = arithmeticTemplates[pickIndex(probabilities, uniform(split(own, "template")))]
    let problem: ReturnType<typeof drawProblem>
    for (let draw = 0; template !== undefined && problem === undefined; draw++) {
      problem = drawProblem(split(own, draw), template)
    }
    if (problem === undefined || arithmeticSplit(problem.question) !== options.split) continue
    if (seen.has(problem.question)) continue
    seen.add(problem.question)
    problems.push({ id: `arithmetic-${options.split}-${options.seed}-${problems.length}`, ...problem })
  }
  return problems
}

/** The problem as a task whose gold is written as GSM8K writes it: `#### 24`. */
export const arithmeticTask = ({ id, question, steps }: ArithmeticProblem): Task => ({
  id,
  question,
  gold: `#### ${lastResult(workOut(steps))}`,
  dataset: "arithmetic"
})

/** Arithmetic word problems as tasks; see `arithmeticProblems`. */
export const arithmeticTasks = (options: ArithmeticOptions): ReadonlyArray<Task> =>
  arithmeticProblems(options).map(arithmeticTask)
