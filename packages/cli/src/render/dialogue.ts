import type { TracerEvent } from "@tracer-sdk/core"
import { describeInfo } from "./learned.ts"
import { counted, fixed } from "./number.ts"
import type { Style } from "./style.ts"
import { indented, pageWidth, printable, wrap } from "./text.ts"

const probability = (value: number): string => {
  const rounded = fixed(100 * value, 0)
  if (rounded === "0" && value > 0) return "<1%"
  if (rounded === "100" && value < 1) return ">99%"
  return `${rounded}%`
}

type TurnStart = Extract<TracerEvent, { readonly type: "turn-start" }>

const odds = ({ actions, strategy }: TurnStart): string =>
  strategy === undefined
    ? "had no choice"
    : actions.map((name, i) => `${printable(name)} ${probability(strategy[i] ?? 0)}`).join(", ")

const headed = (round: number, who: string, odds: string, info: string, style: Style) => [
  `${style.faint(`round ${round}`)}  ${who}`,
  ...wrap(`${odds}; ${info}`, pageWidth - 9).map((line) => style.faint(`         ${line}`))
]

const judged = (correct: boolean | undefined, style: Style): string =>
  correct === undefined ? "" : correct ? style.good("  right") : style.bad("  wrong")

/**
 * Turns the events of one dialogue into lines as they happen: who spoke and who stayed silent, with what
 * probabilities, what was said, and how it was read.
 *
 * Holds the turn that has begun, so one is made for each dialogue. Events of training give no lines.
 */
export const dialogueRenderer = (style: Style): ((event: TracerEvent) => ReadonlyArray<string>) => {
  let turn: TurnStart | undefined
  const begun = () =>
    turn === undefined
      ? { chances: "", info: "" }
      : { chances: odds(turn), info: turn.info === "" ? "" : describeInfo(turn.info) }
  return (event) => {
    switch (event.type) {
      case "episode-start":
        return [...indented(printable(event.question), 0), ""]
      case "turn-start":
        turn = event
        return []
      case "turn-skip": {
        const { chances, info } = begun()
        const who = `${printable(event.agent)} stays silent (${printable(event.action)})`
        return [...headed(event.round, style.faint(who), chances, info, style), ""]
      }
      case "utterance": {
        const { chances, info } = begun()
        const who = `${style.strong(printable(event.agent))} speaks as ${printable(event.role)}`
        const tokens = counted(event.promptTokens + event.completionTokens, "token")
        return [
          ...headed(event.round, who, chances, info, style),
          ...wrap(printable(event.text).trim(), pageWidth - 11).map((line) => `         > ${line}`.trimEnd()),
          `         read as: ${printable(event.reading)}  ${style.faint(tokens)}`,
          ""
        ]
      }
      case "episode-end":
        return [
          event.answer === undefined
            ? style.bad("No readable answer.")
            : `Answer: ${style.strong(printable(event.answer))}${judged(event.correct, style)}`,
          style.faint(
            `${counted(event.calls, "call")}, ${counted(event.promptTokens, "prompt token")}, ${counted(event.completionTokens, "completion token")}`
          )
        ]
      default:
        return []
    }
  }
}
