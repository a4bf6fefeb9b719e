/** Exploitability of average strategies on Kuhn and Leduc poker, by variant of regret matching and by solver. */
import {
  counterfactualRegretMinimisation,
  exploitability,
  externalSampling,
  type GameTree,
  gameTree,
  kuhnPoker,
  leducPoker,
  outcomeSampling,
  profileOf,
  type RegretMatchingOptions,
  regretMatching
} from "@tracer-sdk/controllers"
import type { Controller } from "@tracer-sdk/core"

const games: Readonly<Record<string, GameTree>> = {
  Kuhn: gameTree(kuhnPoker()),
  Leduc: gameTree(leducPoker())
}
const variants: Readonly<Record<string, RegretMatchingOptions>> = {
  "rm, gamma 0": { variant: "rm", gamma: 0 },
  rm: { variant: "rm" },
  "rm+": { variant: "rm+" },
  linear: { variant: "linear" },
  dcfr: { variant: "dcfr" },
  predictive: { variant: "predictive" }
}

type Controllers = ReadonlyMap<string, Controller>
type Solve = (tree: GameTree, controllers: Controllers, from: number, to: number) => void

const measure = (
  name: string,
  tree: GameTree,
  controllers: Controllers,
  iterations: ReadonlyArray<number>,
  solve: Solve
) => {
  const start = performance.now()
  let done = 0
  const found = iterations.map((until) => {
    solve(tree, controllers, done, until)
    done = until
    return exploitability(tree, profileOf(controllers, "average")).toExponential(1).padStart(9)
  })
  console.log(
    `${name.padEnd(34)}${found.join("")}   ${((performance.now() - start) / 1000).toFixed(1).padStart(5)} s`
  )
}
const header = (what: string, iterations: ReadonlyArray<number>) =>
  console.log(
    `\n${what.padEnd(34)}${iterations.map((n) => n.toLocaleString("en").padStart(9)).join("")} iterations`
  )
const fresh = (tree: GameTree, make: () => Controller): Controllers =>
  new Map(tree.seats.map((seat) => [seat, make()]))

const whole = [10, 100, 1_000]
for (const updates of ["simultaneous", "alternating"] as const) {
  header(`CFR, ${updates}`, whole)
  for (const [game, tree] of Object.entries(games)) {
    for (const [name, options] of Object.entries(variants)) {
      const controllers = fresh(tree, () => regretMatching(options))
      measure(`${game}, ${name}`, tree, controllers, whole, (t, c, from, to) =>
        counterfactualRegretMinimisation(t, c, to - from, { updates })
      )
    }
  }
}
const sampled = [1_000, 10_000, 100_000]
for (const [name, sample] of Object.entries({
  "external sampling": externalSampling,
  "outcome sampling": outcomeSampling
})) {
  header(`MCCFR, ${name}`, sampled)
  for (const [game, tree] of Object.entries(games)) {
    for (const [variant, options] of Object.entries(variants)) {
      const controllers = fresh(tree, () => regretMatching(options))
      measure(`${game}, ${variant}`, tree, controllers, sampled, (t, c, from, to) =>
        sample(t, c, to - from, { seed: 1, done: from })
      )
    }
  }
}
