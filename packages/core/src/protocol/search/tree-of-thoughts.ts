import { Schema } from "effect"
import type { Protocol } from "../../protocol.ts"
import { decodeOptions } from "../decode-options.ts"
import { countField } from "../option-fields.ts"
import {
  best,
  type DialogueState,
  type Part,
  perform,
  protocolOf,
  rounds,
  sequence,
  until
} from "../parts/index.ts"
import { verifiedScore } from "../verify-proposals.ts"
import { emptySearch, remember, type SearchBoard, type SearchMemory } from "./search-memory.ts"
import { checkSearch, SearchFields } from "./search-options.ts"
import { searchParts } from "./search-parts.ts"
import { childrenOf, meanValue } from "./thought.ts"

/** A tree of thoughts as a configuration states it. */
export const TreeOfThoughtsOptions = Schema.Struct({
  /** Lines of reasoning that are kept after each step. */
  breadth: countField(2),
  ...SearchFields
})
export type TreeOfThoughtsOptions = typeof TreeOfThoughtsOptions.Encoded

/** Keeps the `breadth` best of the answers kept so far and of the new thoughts; of several alike, those that were said first. */
const prune =
  (breadth: number) =>
  (board: SearchBoard): SearchBoard => {
    const { tree, kept, frontier } = board.memory
    const answers = kept.filter((index) => tree[index]?.status === "final")
    const fresh = frontier.flatMap((index) => childrenOf(tree, index))
    const ranked = [...answers, ...fresh]
      .flatMap((index) => {
        const thought = tree[index]
        return thought === undefined || thought.status === "failed" ? [] : [{ index, thought }]
      })
      .toSorted((a, b) => meanValue(b.thought) - meanValue(a.thought) || a.index - b.index)
      .slice(0, breadth)
    return remember(board, {
      kept: ranked.map(({ index }) => index),
      frontier: ranked.filter(({ thought }) => thought.status === "open").map(({ index }) => index)
    })
  }

/**
 * A beam search over steps of reasoning: from each of the `breadth` best lines of reasoning so far `samples` next steps are drawn, all
 * together, and all of them are judged together; the best answer that came up is the dialogue's, of several alike the first.
 *
 * It ends where every line that is kept states its answer, at the latest after `depth` steps. Throws `ConfigError` on an empty or
 * repeated list of agents. Source: Yao et al. 2023, Tree of Thoughts, algorithm 1 (breadth-first), with a reviewer's judgements for values.
 */
export const treeOfThoughts = (
  options: TreeOfThoughtsOptions & { readonly agents: ReadonlyArray<string> }
): Protocol<DialogueState<SearchMemory>> => {
  const { agents, ...stated } = options
  const { breadth, ...settings } = decodeOptions("tree-of-thoughts", TreeOfThoughtsOptions, stated)
  const { samples, depth } = settings
  checkSearch("tree-of-thoughts", agents, depth * breadth, settings)
  const parts = searchParts(agents, settings)
  const level = (most: number): Part<SearchMemory> =>
    sequence(parts.expand(most), parts.value(most * samples), perform(prune(breadth)))
  return protocolOf<SearchMemory>({
    name: "tree-of-thoughts",
    memory: emptySearch,
    play: sequence(
      until(
        ({ memory }) => memory.frontier.length === 0,
        rounds(depth, (step) => level(step === 0 ? 1 : breadth))
      ),
      best(verifiedScore)
    )
  })
}
