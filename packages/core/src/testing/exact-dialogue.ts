import type { Controller, Strategy, StrategyMode } from "../controller.ts"
import { type Selection, selectAction } from "../engine/select-action.ts"
import type { ChoicePoint, DialogueTree } from "./dialogue-tree.ts"

/** What a dialogue is worth on average, exactly. */
export interface DialogueValue {
  /** P(the final answer is right). */
  readonly accuracy: number
  /** Expected tokens read and written. */
  readonly tokens: number
}

/** Who decides how: probabilities of `point.legal.names`, in their order. */
export type DialogueProfile = (point: ChoicePoint) => Strategy

/** The exact value of a dialogue under given strategies. */
export const dialogueValue = (tree: DialogueTree, profile: DialogueProfile): DialogueValue => {
  const strategies = tree.points.map(profile)
  const values: Array<DialogueValue> = []
  const nothing = { accuracy: 0, tokens: 0 }
  for (const node of tree.nodes) {
    let accuracy = 0
    let tokens = 0
    if (node.kind === "end") accuracy = node.correct ? 1 : 0
    else if (node.kind === "chance") {
      for (const branch of node.branches) {
        const below = values[branch.next] ?? nothing
        accuracy += branch.probability * below.accuracy
        tokens += branch.probability * (branch.tokens + below.tokens)
      }
    } else {
      for (const [a, option] of node.options.entries()) {
        const probability = strategies[node.point]?.[a] ?? 0
        const below = values[option] ?? nothing
        accuracy += probability * below.accuracy
        tokens += probability * below.tokens
      }
    }
    values.push({ accuracy, tokens })
  }
  return values[tree.root] ?? nothing
}

/** A profile read from controllers, sampled as it is or played greedily; throws where one is missing. */
export const profileOfControllers =
  (
    controllers: ReadonlyMap<string, Controller>,
    mode: StrategyMode,
    selection: Selection = "sample"
  ): DialogueProfile =>
  ({ controller, info, legal }) => {
    const found = controllers.get(controller)
    if (found === undefined) throw new RangeError(`There is no controller "${controller}".`)
    const strategy = found.strategy(info, legal, mode)
    if (selection === "sample") return strategy
    const chosen = selectAction(strategy, legal, "greedy", 0)
    return legal.names.map((_, a) => (a === chosen ? 1 : 0))
  }

/** The best deterministic policy, with what it is worth. */
export interface BestDialogue extends DialogueValue {
  /** `2 accuracy - 1`, minus `tokenCost` for every 1,000 tokens: what credit by continuation values pursues. */
  readonly worth: number
  /** The chosen action, for each of the tree's points that has one, in their order. */
  readonly choices: ReadonlyArray<ChoicePoint & { readonly action: string }>
}

/**
 * The best joint policy over the controllers' information states, exactly: a search over deterministic policies, with
 * the bound that a state not yet decided could choose in each of its positions apart.
 *
 * Where no information state comes twice in one dialogue, no randomised policy is better.
 */
export const bestDialogue = (tree: DialogueTree, tokenCost = 0): BestDialogue => {
  const { nodes, points, root } = tree
  const chosen = points.map(() => -1)
  const values = new Float64Array(nodes.length)

  /** The worth of the tree under `chosen`, optimistic where nothing is chosen. */
  const worth = (): number => {
    for (const [id, node] of nodes.entries()) {
      let total = 0
      if (node.kind === "end") total = node.correct ? 1 : -1
      else if (node.kind === "chance") {
        for (const { probability, tokens, next } of node.branches) {
          total += probability * ((values[next] ?? 0) - (tokenCost * tokens) / 1000)
        }
      } else {
        const choice = node.options[chosen[node.point] ?? -1]
        if (choice === undefined) {
          total = Number.NEGATIVE_INFINITY
          for (const option of node.options) total = Math.max(total, values[option] ?? 0)
        } else total = values[choice] ?? 0
      }
      values[id] = total
    }
    return values[root] ?? 0
  }

  let best = { worth: Number.NEGATIVE_INFINITY, chosen: [...chosen] }
  const search = (index: number, bound: number): void => {
    if (bound <= best.worth + 1e-12) return
    const point = points[index]
    if (point === undefined) {
      best = { worth: bound, chosen: [...chosen] }
      return
    }
    const bounds = point.legal.names.map((_, action) => {
      chosen[index] = action
      return { action, bound: worth() }
    })
    // The most promising first, so that the others are cut off early.
    for (const { action, bound: above } of bounds.sort((a, b) => b.bound - a.bound)) {
      chosen[index] = action
      search(index + 1, above)
    }
    chosen[index] = -1
  }
  search(0, worth())

  const choices = points.map((point, i) => ({
    ...point,
    action: point.legal.names[best.chosen[i] ?? 0] ?? ""
  }))
  const actionOf = new Map<ChoicePoint, number>(points.map((point, i) => [point, best.chosen[i] ?? 0]))
  const profile: DialogueProfile = (point) =>
    point.legal.names.map((_, a) => (a === (actionOf.get(point) ?? 0) ? 1 : 0))
  return { ...dialogueValue(tree, profile), worth: best.worth, choices }
}
