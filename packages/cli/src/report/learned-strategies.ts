import type { BenchmarkIndex } from "./benchmark-index.ts"
import { compareInfo } from "./info-order.ts"

/** What a system's controllers of one name learned in one information state, over its seeds. */
export interface LearnedStrategy {
  readonly system: string
  readonly controller: string
  readonly info: string
  readonly action: string
  /** The average strategy's probability of the action, each seed weighing as much as it was there. */
  readonly probability: number
  /** In all seeds together. */
  readonly visits: number
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Actions that say nothing: of two actions the other one tells all. */
const silent: ReadonlySet<string> = new Set(["keep", "skip", "silent", "pass", "stop"])

/** The actions worth showing: one of two, all of more. */
const toldOf = (actions: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (actions.length !== 2) return actions
  const spoken = actions.filter((action) => !silent.has(action))
  return spoken.length === 1 ? spoken : actions.slice(1)
}

/** The strategies that were learned on a dataset, system by system; states that were never met are left out. */
export const learnedStrategies = (
  { summary, systems }: BenchmarkIndex,
  dataset: string
): ReadonlyArray<LearnedStrategy> =>
  systems.flatMap(({ name: system }) => {
    const states = summary.strategies
      .filter((cell) => cell.system === system && cell.dataset === dataset)
      .flatMap((cell) => cell.states)
      .filter(({ visits }) => visits > 0)
      .toSorted((a, b) => compare(a.controller, b.controller) || compareInfo(a.info, b.info))
    const byState = Map.groupBy(states, ({ controller, info, actions }) =>
      JSON.stringify([controller, info, actions])
    )
    return [...byState.values()].flatMap((same) => {
      const [first] = same
      if (first === undefined) return []
      const visits = same.reduce((sum, state) => sum + state.visits, 0)
      return toldOf(first.actions).map((action) => {
        const at = first.actions.indexOf(action)
        const weighed = same.reduce((sum, state) => sum + state.visits * (state.average[at] ?? 0), 0)
        return {
          system,
          controller: first.controller,
          info: first.info,
          action,
          probability: weighed / visits,
          visits
        }
      })
    })
  })
