import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"

/** A process that does as much work as each line of its standard input says and answers each with a line of JSON. */
export interface Contestant {
  readonly name: string
  /** What it says of itself once it is ready. */
  readonly detail: string
  /** Milliseconds of each of `count` rounds of its work. */
  readonly work: (count: number) => Promise<ReadonlyArray<number>>
  readonly stop: () => void
}

function numbersOf(line: string): ReadonlyArray<number> {
  const answer: unknown = JSON.parse(line)
  if (Array.isArray(answer) && answer.every((item) => typeof item === "number")) return answer
  throw new Error(`a contestant answered ${line}`)
}

function pipes({ stdin, stdout }: ChildProcess) {
  if (stdin === null || stdout === null) throw new Error("a contestant has no pipes")
  return { stdin, answers: createInterface({ input: stdout })[Symbol.asyncIterator]() }
}

/** Starts a contestant and waits until it is ready; undefined, with a line that says so, where it does not start. */
export async function contestant(
  name: string,
  command: string,
  parameters: ReadonlyArray<string>
): Promise<Contestant | undefined> {
  const child = spawn(command, parameters, { stdio: ["pipe", "pipe", "inherit"] })
  child.on("error", () => {})
  const { stdin, answers } = pipes(child)
  stdin.on("error", () => {})
  const next = async () => (await answers.next()).value
  const first = await next()
  if (first === undefined) {
    console.log(`${name}: skipped, ${command} did not start`)
    return undefined
  }
  const { ready }: { ready?: string } = JSON.parse(first)
  return {
    name,
    detail: ready ?? "",
    work: async (count) => {
      stdin.write(`${count}\n`)
      const line = await next()
      if (line === undefined) throw new Error(`${name} ended in the middle of its work`)
      return numbersOf(line)
    },
    stop: () => child.kill()
  }
}

/** The middle value. */
export const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/**
 * The median milliseconds of each contestant, by name: they take turns (A B A B), so that what else the machine does meets all alike.
 */
export async function compete(
  contestants: ReadonlyArray<Contestant>,
  { rounds, each }: { readonly rounds: number; readonly each: number }
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, ReadonlyArray<number>>()
  for (const { work } of contestants) await work(3)
  for (let round = 0; round < rounds; round++) {
    for (const { name, work } of contestants)
      times.set(name, [...(times.get(name) ?? []), ...(await work(each))])
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]))
}
