import type { LearnedState } from "@tracer-sdk/core"
import { counted, fixed } from "./number.ts"
import type { Style } from "./style.ts"
import { indented, printable } from "./text.ts"

const verbs: ReadonlyMap<string, string> = new Map([
  ["propose", "proposes anew"],
  ["review", "reviews"]
])
const silent: ReadonlySet<string> = new Set(["keep", "skip"])

const voteWords = (vote: string): string => {
  if (vote === "none") return "nothing has been proposed yet"
  if (vote === "unparsed") return "the proposal on the table has no readable answer"
  const votes = Number(vote)
  if (!Number.isInteger(votes)) return `vote is ${vote}`
  if (votes === 0) return "no vote leads"
  return `${votes > 0 ? "RIGHT" : "WRONG"} leads by ${counted(Math.abs(votes), "vote")}`
}

const roundWords = (round: string): string =>
  round === "open"
    ? "more than one proposal remains"
    : round === "last"
      ? "at most one proposal remains"
      : `round is ${round}`

/** An information state in words; features that the SDK's own abstractions do not have are named as they are. */
export const describeInfo = (info: string): string =>
  info
    .split(" ")
    .map((feature) => {
      const at = feature.indexOf("=")
      const [name, value] = [feature.slice(0, at), feature.slice(at + 1)]
      if (at < 1) return printable(feature)
      if (name === "vote") return voteWords(printable(value))
      if (name === "round") return roundWords(printable(value))
      return printable(`${name} is ${value}`)
    })
    .join(" and ")

/** A probability as a frequency in words, honest at both ends. */
const often = (probability: number): string => {
  const rounded = fixed(100 * probability, 0)
  if (rounded === "0") return "less than 1% of the time"
  if (rounded === "100") return "more than 99% of the time"
  return `${rounded}% of the time`
}

const behaviour = (agent: string, state: Pick<LearnedState, "actions" | "average">): string => {
  const played = state.actions.map((name, i) => ({ name, probability: state.average[i] ?? 0 }))
  const spoken = played.filter(({ name }) => !silent.has(name))
  const [first] = spoken
  if (first === undefined || spoken.length !== 1 || played.length !== 2) {
    return `${agent} plays ${played.map(({ name, probability }) => `${name} ${often(probability)}`).join(", ")}`
  }
  const verb = verbs.get(first.name) ?? `plays ${first.name}`
  if (first.probability === 0) return `${agent} never ${verb}`
  if (first.probability === 1) return `${agent} always ${verb}`
  return `${agent} ${verb} ${often(first.probability)}`
}

const agentOf = (controller: string): string => {
  const at = controller.lastIndexOf(".")
  return at < 1 ? controller : controller.slice(0, at)
}

/**
 * What a controller learned in one information state, as a sentence.
 *
 * @example "When no vote leads and more than one proposal remains, bob reviews 98% of the time (seen 512 times)."
 */
export const describeLearned = (
  state: Pick<LearnedState, "controller" | "info" | "actions" | "average" | "visits">
): string => {
  const seen = `seen ${state.visits === 1 ? "once" : `${state.visits.toLocaleString("en")} times`}`
  return `When ${describeInfo(state.info)}, ${printable(behaviour(agentOf(state.controller), state))} (${seen}).`
}

/** The states of each controller, its most visited first. */
export const byController = (
  states: ReadonlyArray<LearnedState>
): ReadonlyArray<readonly [controller: string, states: ReadonlyArray<LearnedState>]> =>
  [...Map.groupBy(states, ({ controller }) => controller)].map(([controller, own]) => [
    controller,
    own.toSorted((a, b) => b.visits - a.visits || (a.info < b.info ? -1 : 1))
  ])

/** States met in fewer than this share of a controller's decisions say little, and are left to `inspect`. */
const rare = 0.01

/** What every controller learned, in sentences; states that were all but never met are only counted. */
export const renderLearned = (states: ReadonlyArray<LearnedState>, style: Style): ReadonlyArray<string> =>
  byController(states).flatMap(([controller, own]) => {
    const decisions = own.reduce((sum, { visits }) => sum + visits, 0)
    const common = own.filter(({ visits }) => visits >= rare * decisions)
    const left = own.length - common.length
    return [
      `  ${style.faint(printable(controller))}`,
      ...common.flatMap((state) => indented(describeLearned(state), 4, 2)),
      ...(left === 0
        ? []
        : [style.faint(`    ${counted(left, "more state")} met in less than 1% of its decisions.`)])
    ]
  })
