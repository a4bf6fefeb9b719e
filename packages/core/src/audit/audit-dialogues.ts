import { Effect } from "effect"
import type { Dialogue, PlayedTurn, Replay } from "../credit.ts"
import { describeReading } from "../engine/describe-reading.ts"
import { eagerAll } from "../engine/eager-all.ts"
import { tokensOf } from "../engine/speak.ts"
import type { PolicyError } from "../errors.ts"
import { pairedDifference } from "../evaluation/interval.ts"
import { contradictionOf } from "./contradiction/index.ts"
import type { SpeakerAudit } from "./speaker-audit.ts"
import type { Audit, TurnAudit } from "./turn-audit.ts"

/** How dialogues are audited. */
export interface AuditOptions {
  /**
   * What becomes of the others without a turn. `frozen` (the default) lets them say what they said: what the turn's words did by
   * themselves, without a call to a model. `anew` asks those again who would have seen something else: what the turn brought about.
   */
  readonly how?: Replay
  /** Dialogues that are replayed at the same time; default 8. */
  readonly concurrency?: number
}

interface Speaker {
  readonly agent: string
  readonly seat: string
  readonly role: string
}

/** The roles that a turn was spoken in, or could have been. */
const rolesOf = ({ turn, action, utterance }: PlayedTurn): ReadonlyArray<string> => {
  const offered = turn.actions.filter(({ name }) => utterance === undefined || name === action)
  return [...new Set(offered.flatMap(({ role }) => role ?? []))]
}

const isOf = (speaker: Speaker, played: PlayedTurn): boolean => {
  const { seat } = played.turn
  return seat.agent === speaker.agent && seat.name === speaker.seat && rolesOf(played).includes(speaker.role)
}

const speakersOf = ({ turns }: Dialogue): ReadonlyArray<Speaker> => {
  const speakers = new Map<string, Speaker>()
  for (const played of turns) {
    const { agent, name: seat } = played.turn.seat
    for (const role of rolesOf(played))
      speakers.set(JSON.stringify([agent, seat, role]), { agent, seat, role })
  }
  return [...speakers.values()]
}

const isAgreement = ({ view, utterance }: PlayedTurn, { grader }: Dialogue): boolean => {
  const reading = utterance?.reading
  if (reading?.kind === "verdict") return reading.verdict === "right"
  const pending = view.pending?.answer
  if (reading?.kind !== "proposal" || pending === undefined) return false
  return reading.answer.canonical === pending.canonical || grader.equal(reading.answer, pending)
}

const auditTurn = (
  dialogue: Dialogue,
  played: PlayedTurn,
  how: Replay
): Effect.Effect<ReadonlyArray<TurnAudit>, PolicyError> => {
  const { turn, utterance, view } = played
  if (utterance === undefined) return Effect.succeed([])
  const without = dialogue.replay((other) => other.turn.round !== turn.round, how)
  return Effect.mapEager(without, ({ correct: correctWithout }) => {
    const { episode, task, grader, outcome } = dialogue
    const { completion, reading } = utterance
    const contradiction =
      reading.kind === "verdict"
        ? contradictionOf(completion.text, reading.verdict, view.pending?.answer, grader)
        : undefined
    return [
      {
        ...{ episode, task: task.id, round: turn.round, agent: turn.seat.agent, seat: turn.seat.name },
        role: rolesOf(played)[0] ?? "",
        text: completion.text,
        reading: describeReading(reading),
        tokens: tokensOf(utterance),
        ...{ correct: outcome.correct, correctWithout },
        effect: (outcome.correct ? 1 : -1) - (correctWithout ? 1 : -1),
        emptyAgreement: outcome.correct === correctWithout && isAgreement(played, dialogue),
        ...(contradiction === undefined ? {} : { contradiction })
      }
    ]
  })
}

/** What one speaker did to one dialogue. */
interface Part {
  readonly speaker: Speaker
  readonly task: string
  readonly correct: boolean
  readonly correctWithout: boolean
  readonly silent: number
  readonly turns: ReadonlyArray<TurnAudit>
}

const auditDialogue = (
  dialogue: Dialogue,
  how: Replay
): Effect.Effect<
  { readonly turns: ReadonlyArray<TurnAudit>; readonly parts: ReadonlyArray<Part> },
  PolicyError
> =>
  Effect.flatMapEager(
    eagerAll(dialogue.turns.map((played) => auditTurn(dialogue, played, how))),
    (audited) => {
      const turns = audited.flat()
      const parts = speakersOf(dialogue).map((speaker) => {
        const { agent, seat, role } = speaker
        const own = turns.filter((turn) => turn.agent === agent && turn.seat === seat && turn.role === role)
        const silent = dialogue.turns.filter(
          (played) => played.utterance === undefined && isOf(speaker, played)
        ).length
        const { correct } = dialogue.outcome
        const [only] = own
        // Who said nothing is not missed, and who spoke once is missed as that turn is.
        const known =
          only === undefined
            ? correct
            : own.length === 1 && how === "frozen"
              ? only.correctWithout
              : undefined
        const without =
          known === undefined
            ? Effect.mapEager(
                dialogue.replay((played) => !isOf(speaker, played), how),
                (outcome) => outcome.correct
              )
            : Effect.succeed(known)
        return Effect.mapEager(
          without,
          (correctWithout): Part => ({
            ...{ speaker, task: dialogue.task.id, correct, correctWithout, silent, turns: own }
          })
        )
      })
      return Effect.mapEager(eagerAll(parts), (found) => ({ turns, parts: found }))
    }
  )

const count = <A>(items: ReadonlyArray<A>, holds: (item: A) => boolean): number => items.filter(holds).length

/** Sums up one speaker's part in its dialogues, of which there is at least one. */
const summarise = (speaker: Speaker, parts: ReadonlyArray<Part>): SpeakerAudit => {
  const turns = parts.flatMap((part) => part.turns)
  const scores = (holds: (part: Part) => boolean) =>
    parts.map((part) => ({ task: part.task, value: holds(part) ? 1 : 0 }))
  return {
    ...speaker,
    dialogues: parts.length,
    spoke: turns.length,
    silent: parts.reduce((sum, { silent }) => sum + silent, 0),
    tokens: turns.reduce((sum, { tokens }) => sum + tokens, 0),
    contribution: pairedDifference(
      scores(({ correct }) => correct),
      scores(({ correctWithout }) => correctWithout)
    ),
    freeRiding: turns.length === 0 ? 0 : count(turns, ({ effect }) => effect === 0) / turns.length,
    harmful: count(turns, ({ effect }) => effect < 0),
    helpful: count(turns, ({ effect }) => effect > 0),
    contradictions: count(turns, ({ contradiction }) => contradiction !== undefined),
    emptyAgreement: count(turns, ({ emptyAgreement }) => emptyAgreement)
  }
}

/**
 * Audits dialogues over tasks with gold answers: what became of each without each of its utterances, and without each of its speakers,
 * who are (agent, seat, role). Speakers come in the order in which they first had a turn.
 */
export const auditDialogues = (
  dialogues: ReadonlyArray<Dialogue>,
  { how = "frozen", concurrency = 8 }: AuditOptions = {}
): Effect.Effect<Audit, PolicyError> =>
  Effect.mapEager(
    eagerAll(
      dialogues.map((dialogue) => auditDialogue(dialogue, how)),
      concurrency
    ),
    (audited) => {
      const bySpeaker = new Map<string, { readonly speaker: Speaker; readonly parts: Array<Part> }>()
      for (const part of audited.flatMap(({ parts }) => parts)) {
        const key = JSON.stringify(part.speaker)
        const held = bySpeaker.get(key) ?? { speaker: part.speaker, parts: [] }
        held.parts.push(part)
        bySpeaker.set(key, held)
      }
      return {
        how,
        dialogues: dialogues.length,
        speakers: [...bySpeaker.values()].map(({ speaker, parts }) => summarise(speaker, parts)),
        turns: audited.flatMap(({ turns }) => turns)
      }
    }
  )
