/**
 * One requirement of a plug-in interface. `check` rejects, with what is wrong, where it is not met.
 *
 * With vitest: `for (const { name, check } of roleConformance(myRole)) it(name, check)`.
 */
export interface ConformanceCheck {
  readonly name: string
  readonly check: () => Promise<void>
}

/** A requirement from a function that throws or rejects where it is not met. */
export const requirement = (name: string, check: () => void | Promise<void>): ConformanceCheck => ({
  name,
  check: async () => check()
})

/** Throws `message` unless `condition` holds. */
export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/** Throws unless both values are the same JSON text: same keys in the same order, floats alike bit by bit. */
export const demandSame = (actual: unknown, expected: unknown, what: string): void => {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  demand(a === b, `${what}: ${a} is not ${b}.`)
}
