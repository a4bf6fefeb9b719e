import { type Audit, type SpeakerAudit, type TurnAudit, worstTurns } from "@tracer-sdk/core"
import { counted, percent, pointsWithRange } from "./number.ts"
import type { Style } from "./style.ts"
import { page } from "./summary.ts"
import { type Column, layOut } from "./table.ts"
import { indented, printable, shorten } from "./text.ts"

const speakerOf = ({ agent, role }: Pick<SpeakerAudit, "agent" | "role">): string =>
  `  ${printable(agent)} as ${printable(role)}`

const table = (
  title: string,
  columns: ReadonlyArray<Column>,
  speakers: ReadonlyArray<SpeakerAudit>,
  cells: (speaker: SpeakerAudit) => ReadonlyArray<string>,
  style: Style
): ReadonlyArray<string> => {
  const { heading, rows } = layOut(
    [{ heading: [""], align: "left", most: 32 }, ...columns],
    speakers.map((speaker) => [speakerOf(speaker), ...cells(speaker)])
  )
  return [style.strong(title), ...heading.map(style.faint), ...rows]
}

const right = (...heading: ReadonlyArray<string>): Column => ({ heading, align: "right" })

const contributions = (speakers: ReadonlyArray<SpeakerAudit>, style: Style) =>
  table(
    "What each speaker adds to the share of right answers",
    [
      right("dialogues"),
      right("spoke"),
      right("silent"),
      right("tokens"),
      { heading: ["  adds"], align: "left" }
    ],
    speakers,
    ({ dialogues, spoke, silent, tokens, contribution }) => [
      ...[dialogues, spoke, silent, tokens].map((value) => value.toLocaleString("en")),
      `  ${pointsWithRange(contribution)}`
    ],
    style
  )

const conduct = (speakers: ReadonlyArray<SpeakerAudit>, style: Style) =>
  table(
    "What its utterances did",
    [
      right("saved", "an answer"),
      right("spoilt", "an answer"),
      right("changed", "nothing"),
      right("empty", "agreement"),
      right("verdict against", "own reasons")
    ],
    speakers,
    ({ spoke, helpful, harmful, freeRiding, emptyAgreement, contradictions }) => [
      String(helpful),
      String(harmful),
      spoke === 0 ? "-" : percent(freeRiding),
      String(emptyAgreement),
      String(contradictions)
    ],
    style
  )

const notes: Readonly<Record<Audit["how"], string>> = {
  frozen:
    "Without a turn, the others are taken to say what they said: this is what its words did by themselves. A verdict that another speaker acted on counts only with --anew, which asks the others again.",
  anew: "Without a turn, those who would have seen something else were asked again."
}

const faults = ({ effect, contradiction, emptyAgreement }: TurnAudit): ReadonlyArray<string> => [
  ...(effect < 0 ? ["spoilt a right answer"] : []),
  ...(contradiction === undefined ? [] : [`its reasons say ${contradiction.says.toUpperCase()}`]),
  ...(emptyAgreement ? ["agreed without changing anything"] : [])
]

/** Enough of an utterance to see what went wrong. */
const shown = 480

const describeTurn = (turn: TurnAudit, style: Style): ReadonlyArray<string> => [
  `${style.strong(printable(turn.agent))} as ${printable(turn.role)}, round ${turn.round} of task ${printable(turn.task)}: ${style.bad(faults(turn).join("; "))}`,
  ...indented(`> ${shorten(printable(turn.text).trim(), shown)}`, 2, 2),
  ...(turn.contradiction === undefined
    ? []
    : indented(`against itself: "${printable(turn.contradiction.quote)}"`, 2, 2)),
  style.faint(`  read as: ${printable(turn.reading)}  ${counted(turn.tokens, "token")}`)
]

/** An audit for a person: who contributes, what utterances did, and the `worst` turns to read. */
export const renderAudit = (audit: Audit, name: string, worst: number, style: Style): string => {
  const { dialogues, speakers, turns, how } = audit
  const read = worstTurns(turns, worst)
  return page([
    [
      style.strong(`Who cooperates in ${printable(name)}, in ${counted(dialogues, "dialogue")}`),
      ...indented(notes[how], 0).map(style.faint)
    ],
    contributions(speakers, style),
    conduct(speakers, style),
    read.length === 0 ? [] : [style.strong("The turns that most deserve a look")],
    ...read.map((turn) => describeTurn(turn, style))
  ])
}
