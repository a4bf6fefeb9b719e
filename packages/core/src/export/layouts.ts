import type { Message } from "../role.ts"
import { type CreditedTurn, isKept, type TurnFilter } from "./credited-turn.ts"
import type { ExportRow, ExportTable } from "./layout.ts"

/** The layouts that credited turns are exported in, by TRL's names for them. */
export const exportLayouts = ["prompt-completion", "preference", "unpaired-preference", "stepwise"] as const
export type ExportLayout = (typeof exportLayouts)[number]

/** What to export. */
export interface LayoutOptions extends TurnFilter {
  /**
   * The least credit of an utterance that is kept (prompt-completion), chosen (preference) or called good (the other two, in which
   * anything above 0 is good by default).
   */
  readonly minCredit?: number
  /** How much more the chosen one of a pair has to have earned than the rejected one; anything more than nothing by default. */
  readonly margin?: number
  /** `best`: one pair for each group, its best and its worst. `all`: every pair that differs enough. */
  readonly pairs?: "best" | "all"
}

/** A turn whose prompt is known. */
type AskedTurn = CreditedTurn & { readonly prompt: ReadonlyArray<Message> }

interface Candidate {
  readonly text: string
  readonly reward: number
}

const candidatesOf = ({ texts, rewards }: CreditedTurn): ReadonlyArray<Candidate> =>
  texts.flatMap((text, i) => {
    const reward = rewards[i]
    return reward === undefined ? [] : [{ text, reward }]
  })

const said = (text: string): ReadonlyArray<Message> => [{ role: "assistant", content: text }]

const origin = ({ task, round, agent, role }: CreditedTurn) => ({ task, round, agent, role })
const originColumns = [
  { name: "task", kind: "text" },
  { name: "round", kind: "integer" },
  { name: "agent", kind: "text" },
  { name: "role", kind: "text" }
] as const

const isGood = ({ reward }: Candidate, { minCredit }: LayoutOptions): boolean =>
  minCredit === undefined ? reward > 0 : reward >= minCredit

const promptCompletion = (turns: ReadonlyArray<AskedTurn>, { minCredit }: LayoutOptions): ExportTable => ({
  columns: [
    { name: "prompt", kind: "messages" },
    { name: "completion", kind: "messages" },
    { name: "reward", kind: "number" },
    ...originColumns
  ],
  rows: turns.flatMap((turn) =>
    candidatesOf(turn)
      .filter(({ reward }) => minCredit === undefined || reward >= minCredit)
      .map(({ text, reward }) => ({ prompt: turn.prompt, completion: said(text), reward, ...origin(turn) }))
  )
})

/** The pairs of a group, better first; two utterances of one text are no pair. */
const pairsOf = (
  turn: CreditedTurn,
  { minCredit, margin = 0, pairs = "best" }: LayoutOptions
): ReadonlyArray<readonly [chosen: Candidate, rejected: Candidate]> => {
  const ordered = candidatesOf(turn).toSorted((a, b) => b.reward - a.reward)
  const found = ordered.flatMap((chosen, i) =>
    ordered.slice(i + 1).map((rejected) => [chosen, rejected] as const)
  )
  const kept = found.filter(
    ([chosen, rejected]) =>
      chosen.text !== rejected.text &&
      chosen.reward > rejected.reward &&
      chosen.reward - rejected.reward >= margin &&
      (minCredit === undefined || chosen.reward >= minCredit)
  )
  if (pairs === "all") return kept
  const [first] = kept
  const widest = kept.findLast(([chosen]) => chosen === first?.[0])
  return widest === undefined ? [] : [widest]
}

const preference = (turns: ReadonlyArray<AskedTurn>, options: LayoutOptions): ExportTable => ({
  columns: [
    { name: "prompt", kind: "messages" },
    { name: "chosen", kind: "messages" },
    { name: "rejected", kind: "messages" },
    { name: "score_chosen", kind: "number" },
    { name: "score_rejected", kind: "number" },
    ...originColumns
  ],
  rows: turns.flatMap((turn) =>
    pairsOf(turn, options).map(([chosen, rejected]) => ({
      prompt: turn.prompt,
      chosen: said(chosen.text),
      rejected: said(rejected.text),
      score_chosen: chosen.reward,
      score_rejected: rejected.reward,
      ...origin(turn)
    }))
  )
})

const unpairedPreference = (turns: ReadonlyArray<AskedTurn>, options: LayoutOptions): ExportTable => ({
  columns: [
    { name: "prompt", kind: "messages" },
    { name: "completion", kind: "messages" },
    { name: "label", kind: "flag" },
    ...originColumns
  ],
  rows: turns.flatMap((turn) =>
    candidatesOf(turn).map((candidate) => ({
      prompt: turn.prompt,
      completion: said(candidate.text),
      label: isGood(candidate, options),
      ...origin(turn)
    }))
  )
})

/** One row for each dialogue: its question, what was said turn by turn, and whether each turn earned enough. */
const stepwise = (turns: ReadonlyArray<CreditedTurn>, options: LayoutOptions): ExportTable => {
  const dialogues = new Map<number, Array<CreditedTurn>>()
  for (const turn of turns) {
    const held = dialogues.get(turn.episode)
    if (held === undefined) dialogues.set(turn.episode, [turn])
    else held.push(turn)
  }
  const rows = [...dialogues.values()].map((taken): ExportRow => {
    const steps = taken
      .toSorted((a, b) => a.round - b.round)
      .flatMap((turn) => candidatesOf(turn).slice(0, 1))
    return {
      prompt: taken[0]?.question ?? "",
      completions: steps.map(({ text }) => text),
      labels: steps.map((step) => isGood(step, options)),
      task: taken[0]?.task ?? ""
    }
  })
  return {
    columns: [
      { name: "prompt", kind: "text" },
      { name: "completions", kind: "texts" },
      { name: "labels", kind: "flags" },
      { name: "task", kind: "text" }
    ],
    rows
  }
}

const asked = (turn: CreditedTurn): ReadonlyArray<AskedTurn> =>
  turn.prompt === undefined ? [] : [{ ...turn, prompt: turn.prompt }]

/**
 * Lays credited turns out as TRL's trainers read them: conversational `prompt`, `completion`, `chosen` and `rejected` are lists of
 * messages, and a stepwise row is a dialogue whose steps are its spoken turns. Turns without a prompt give rows in the stepwise layout
 * alone.
 *
 * Source: the dataset formats of TRL's documentation.
 */
export const layOutTurns = (
  turns: ReadonlyArray<CreditedTurn>,
  layout: ExportLayout,
  options: LayoutOptions = {}
): ExportTable => {
  const kept = turns.filter((turn) => isKept(turn, options))
  switch (layout) {
    case "prompt-completion":
      return promptCompletion(kept.flatMap(asked), options)
    case "preference":
      return preference(kept.flatMap(asked), options)
    case "unpaired-preference":
      return unpairedPreference(kept.flatMap(asked), options)
    case "stepwise":
      return stepwise(kept, options)
  }
}
