import { Effect } from "effect"
import type { Dialogue, PlayedTurn, Utterance } from "../../credit.ts"
import type { SeatTurn } from "../../protocol.ts"
import { graderFor } from "../../task/grader-for.ts"
import type { Task } from "../../task.ts"
import type { PendingAnswer, Reading, TranscriptEntry, View } from "../../transcript.ts"

const task: Task = { id: "t", question: "What is 2 + 3?", gold: "5" }
const grader = graderFor(task)

interface Line {
  readonly agent: string
  readonly seat: string
  /** A silent turn says nothing. */
  readonly said?: { readonly text: string; readonly reading: Reading }
}

const proposal = (text: string): Line => ({
  agent: "ann",
  seat: "proposer",
  said: { text, reading: { kind: "proposal", answer: { text, canonical: text } } }
})
const verdict = (right: boolean): Line => ({
  agent: "bob",
  seat: "reviewer",
  said: { text: right ? "RIGHT" : "WRONG", reading: { kind: "verdict", verdict: right ? "right" : "wrong" } }
})
const silence = (agent: string, seat: string): Line => ({ agent, seat })
const mumble = (agent: string, seat: string, expected: "proposal" | "verdict"): Line => ({
  agent,
  seat,
  said: { text: "Hm.", reading: { kind: "unreadable", expected, reason: "it says nothing" } }
})

const scripts: ReadonlyArray<ReadonlyArray<Line>> = [
  [proposal("5"), verdict(true), silence("ann", "proposer")],
  [proposal("4"), verdict(false), proposal("5"), verdict(true), silence("ann", "proposer")],
  [proposal("4"), verdict(true), silence("ann", "proposer")],
  [proposal("5"), silence("bob", "reviewer"), proposal("4"), verdict(false), proposal("4")],
  [mumble("ann", "proposer", "proposal"), mumble("bob", "reviewer", "verdict"), proposal("5")]
]

const turnOf = ({ agent, seat }: Line, round: number): SeatTurn => ({
  kind: "seat",
  round,
  seat: { name: seat, agent, controller: `${agent}.${seat}` },
  actions: [{ name: "silent" }, { name: "speak", role: seat }],
  fallback: "silent"
})

const entryOf = ({ agent, seat, said }: Line, round: number): TranscriptEntry =>
  said === undefined
    ? { round, agent, seat, action: "silent" }
    : { round, agent, seat, action: "speak", role: seat, text: said.text, reading: said.reading }

const pendingAfter = (said: Line["said"]): PendingAnswer | undefined => {
  if (said?.reading.kind === "proposal") return { text: said.text, answer: said.reading.answer }
  const failed = said?.reading.kind === "unreadable" && said.reading.expected === "proposal"
  return failed ? { text: said.text } : undefined
}

/** The `index`-th of five short dialogues between a proposer and a reviewer, over and over. */
export const sampleDialogue = (index: number): Dialogue => {
  const turns: Array<PlayedTurn> = []
  let view: View = { task, transcript: [] }
  let tokens = 0
  for (const [i, line] of (scripts[index % scripts.length] ?? []).entries()) {
    const { said } = line
    const usage = { prompt: 40 + i, completion: 8 }
    const utterance: Utterance | undefined =
      said === undefined
        ? undefined
        : { completion: { text: said.text, usage, finish: "stop" }, reading: said.reading }
    turns.push({
      turn: turnOf(line, i + 1),
      info: "s",
      action: utterance === undefined ? "silent" : "speak",
      view,
      ...(utterance === undefined ? {} : { utterance })
    })
    if (utterance !== undefined) tokens += usage.prompt + usage.completion
    const pending = pendingAfter(said) ?? view.pending
    const transcript = [...view.transcript, entryOf(line, i + 1)]
    view = pending === undefined ? { task, transcript } : { task, transcript, pending }
  }
  const answer = view.pending?.answer
  const outcome = { correct: answer?.canonical === "5", tokens }
  return {
    episode: index,
    ...{ task, grader, answer, outcome, turns, transcript: view.transcript },
    continuations: () => Effect.succeed([]),
    replay: () => Effect.succeed(outcome)
  }
}
