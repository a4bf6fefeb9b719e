import { Effect, Schema } from "effect"
import type { Protocol } from "../../protocol.ts"
import { graderFor } from "../../task/grader-for.ts"
import { decodeOptions } from "../decode-options.ts"
import type { Members } from "../members.ts"
import { countField } from "../option-fields.ts"
import { firstBest } from "../parts/first-best.ts"
import {
  type Board,
  best,
  type DialogueState,
  type Part,
  perform,
  protocolOf,
  rounds,
  sequence,
  vote,
  when,
  withPending
} from "../parts/index.ts"
import { verifiedScore } from "../verify-proposals.ts"
import { emptySearch, remember, type SearchBoard, type SearchMemory } from "./search-memory.ts"
import { checkSearch, SearchFields } from "./search-options.ts"
import { searchParts } from "./search-parts.ts"
import { backUp, meanValue } from "./thought.ts"
import { mostVisitedLeaf, selectLeaf } from "./uct.ts"

/** A Monte Carlo tree search as a configuration states it. */
export const MctsOptions = Schema.Struct({
  /** How often a leaf is selected. */
  simulations: countField(6),
  /** The constant c of UCT: what seldom visited thoughts are favoured by. */
  exploration: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(1))
  ),
  /** Which answer is the dialogue's: that of the line most `visits` led to, that of the highest `value`, or a `vote` weighted by value. */
  answer: Schema.Literals(["visits", "value", "vote"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("visits" as const))
  ),
  ...SearchFields
})
export type MctsOptions = typeof MctsOptions.Encoded

/** What the next simulation is about: an open leaf is gone on from, an answer is judged once more, a dead end is worth 0 again. */
const select =
  (exploration: number) =>
  (board: SearchBoard): SearchBoard => {
    const { tree } = board.memory
    const leaf = selectLeaf(tree, exploration)
    const status = tree[leaf]?.status
    if (status === "open") return remember(board, { frontier: [leaf], candidates: [] })
    if (status === "final") return remember(board, { frontier: [], candidates: [leaf] })
    return remember(board, { frontier: [], candidates: [], tree: backUp(tree, leaf, 0) })
  }

const byValue = best<SearchMemory>(verifiedScore)

/** The best answer of the most visited line; where that has none, the best of all. */
const byVisits = sequence<SearchMemory>(
  byValue,
  perform((board) => {
    const { memory, proposals } = board
    const { solutions = [] } = memory.tree[mostVisitedLeaf(memory.tree)] ?? {}
    const found = firstBest(solutions, (index) => {
      const solution = proposals[index]
      return solution === undefined ? 0 : verifiedScore(solution)
    })
    return found === undefined ? board : withPending(board, found)
  })
)

/** What of all that came up is the answer. */
const concluding = (
  answer: (typeof MctsOptions.Type)["answer"],
  grader: NonNullable<Members["grader"]>
): Part<SearchMemory> => {
  if (answer === "vote") return vote<SearchMemory>({ weight: verifiedScore, grader })
  return answer === "value" ? byValue : byVisits
}

/** Puts the most visited line that can be gone on from on the frontier; of several alike the better, then the first. */
const mostPromising = (board: SearchBoard): SearchBoard => {
  const { tree } = board.memory
  const parents = new Set(tree.map(({ parent }) => parent))
  const leaves = tree.flatMap((thought, index) =>
    thought.status === "open" && !parents.has(index) ? [{ thought, index }] : []
  )
  const found = firstBest(
    leaves,
    ({ thought }) => thought.visits,
    ({ thought }) => meanValue(thought)
  )
  return remember(board, { frontier: [found?.index ?? 0] })
}

const isUnsolved = ({ proposals }: Board<SearchMemory>): boolean => proposals.length === 0

/**
 * A Monte Carlo tree search over steps of reasoning. A simulation goes from the root to the leaf of the highest UCT, draws `samples` next
 * steps there, together, has each of them judged, together, and counts each value for all thoughts on the way to it. Where the leaf states an
 * answer already, that is judged once more.
 *
 * It ends after `simulations`; where no answer has come up by then, the thinker goes on from the most visited line to one. Throws
 * `ConfigError` on an empty or repeated list of agents. Source: UCT of Kocsis and Szepesvári 2006; values by a language model as in Zhou et al. 2024
 * (Language Agent Tree Search).
 */
export const mcts = (options: MctsOptions & Members): Protocol<DialogueState<SearchMemory>> => {
  const { agents, grader = graderFor, ...stated } = options
  const { simulations, exploration, answer, ...settings } = decodeOptions("mcts", MctsOptions, stated)
  checkSearch("mcts", agents, simulations, settings)
  const parts = searchParts(agents, settings)
  const simulation: Part<SearchMemory> = sequence(
    perform(select(exploration)),
    when(({ memory }) => memory.frontier.length > 0, parts.expand(1)),
    parts.value(settings.samples)
  )
  return protocolOf<SearchMemory>({
    name: "mcts",
    memory: emptySearch,
    play: sequence(
      rounds(simulations, simulation),
      concluding(answer, grader),
      when(isUnsolved, sequence(perform(mostPromising), parts.finish))
    )
  })
}
