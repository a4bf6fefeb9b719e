import { type Answer, type Dialogue, type Grader, isRight } from "@tracer-sdk/core"
import { type JudgedProposal, proposalsIn, type SpeechKind, speechKind } from "./proposals.ts"

/** Outcomes of a proposer's answers, by what was pending: counts of those that were right, wrong, and unreadable. */
export interface ProposerCounts {
  /** Where nothing was. */
  first: { right: number; wrong: number; unreadable: number }
  /** Where a right answer was. */
  afterRight: { right: number; wrong: number; unreadable: number }
  /** Where a wrong answer was; a wrong proposal is `same` where it repeats it. */
  afterWrong: { right: number; same: number; wrong: number; unreadable: number }
}

/** A reviewer's verdicts on right and on wrong answers. */
export interface ReviewerCounts {
  ofRight: { right: number; wrong: number }
  ofWrong: { right: number; wrong: number }
}

/** Utterances of one kind, how many of them decided nothing, and their tokens, read and written. */
export interface SpeechCounts {
  utterances: number
  unreadable: number
  tokens: number
}

/** What was counted of everybody's proposals, verdicts and words; plain data. */
export interface Reliability {
  readonly proposers: Map<string, ProposerCounts>
  readonly reviewers: Map<string, ReviewerCounts>
  /** By agent, then by kind. */
  readonly speech: Map<string, Map<SpeechKind, SpeechCounts>>
  /** What actions say, by the seat's name, then by the action's. */
  readonly actions: Map<string, Map<string, SpeechKind>>
}

export const noReliability = (): Reliability => ({
  proposers: new Map(),
  reviewers: new Map(),
  speech: new Map(),
  actions: new Map()
})

const entryOf = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

const noProposals = (): ProposerCounts => ({
  first: { right: 0, wrong: 0, unreadable: 0 },
  afterRight: { right: 0, wrong: 0, unreadable: 0 },
  afterWrong: { right: 0, same: 0, wrong: 0, unreadable: 0 }
})

/** Whether two answers are one; of equal answers both or neither are right. */
export const sameAnswer = (a: Answer | undefined, b: Answer | undefined, grader: Grader): boolean =>
  a !== undefined && b !== undefined && (a.canonical === b.canonical || grader.equal(a, b))

const countProposals = (
  { proposers }: Reliability,
  proposals: ReadonlyArray<JudgedProposal>,
  { task, grader }: Dialogue
): void => {
  for (const [i, { agent, answer }] of proposals.entries()) {
    const before = proposals[i - 1]
    const counts = entryOf(proposers, agent, noProposals)
    const right = isRight(task, grader, answer) === true
    if (before !== undefined && isRight(task, grader, before.answer) !== true) {
      const same = sameAnswer(answer, before.answer, grader)
      counts.afterWrong[answer === undefined ? "unreadable" : right ? "right" : same ? "same" : "wrong"]++
    } else {
      const kind = before === undefined ? counts.first : counts.afterRight
      kind[answer === undefined ? "unreadable" : right ? "right" : "wrong"]++
    }
  }
}

const countVerdicts = (
  { reviewers }: Reliability,
  proposals: ReadonlyArray<JudgedProposal>,
  { task, grader }: Dialogue
): void => {
  for (const { answer, verdicts } of proposals) {
    const truth = isRight(task, grader, answer) === true ? "ofRight" : "ofWrong"
    for (const { agent, right } of verdicts) {
      const counts = entryOf(reviewers, agent, () => ({
        ofRight: { right: 0, wrong: 0 },
        ofWrong: { right: 0, wrong: 0 }
      }))
      counts[truth][right ? "right" : "wrong"]++
    }
  }
}

const countSpeech = ({ speech, actions }: Reliability, { turns }: Dialogue): void => {
  for (const { turn, action, utterance } of turns) {
    if (utterance === undefined) continue
    const { reading, completion } = utterance
    const kind = speechKind({ reading })
    const byKind = entryOf(speech, turn.seat.agent, () => new Map<SpeechKind, SpeechCounts>())
    const counts = entryOf(byKind, kind, () => ({ utterances: 0, unreadable: 0, tokens: 0 }))
    counts.utterances++
    counts.tokens += completion.usage.prompt + completion.usage.completion
    if (reading.kind === "unreadable") counts.unreadable++
    entryOf(actions, turn.seat.name, () => new Map<string, SpeechKind>()).set(action, kind)
  }
}

/** Counts a finished dialogue; whose task has no gold answer teaches what utterances cost, and nothing of the truth. */
export const witnessed = (reliability: Reliability, dialogue: Dialogue): void => {
  countSpeech(reliability, dialogue)
  if (isRight(dialogue.task, dialogue.grader, undefined) === undefined) return
  const proposals = proposalsIn({ transcript: dialogue.transcript })
  countProposals(reliability, proposals, dialogue)
  countVerdicts(reliability, proposals, dialogue)
}
