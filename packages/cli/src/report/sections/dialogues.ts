import type { BenchmarkSummary } from "@tracer-sdk/core"
import { counted } from "../../render/number.ts"
import type { BenchmarkIndex } from "../benchmark-index.ts"
import { chooseDialogues } from "../choose-dialogues.ts"
import { type Block, type Dialogue, paragraph, type Section } from "../document.ts"
import { excerpt } from "../safe-text.ts"
import { replayWords } from "../words/replay-words.ts"
import { byDataset } from "./by-dataset.ts"

type Told = BenchmarkSummary["dialogues"][number]

/** As many of each kind are worth a reader's time; the summary has the others. */
const shown = 4
/** Longer texts are cut, in characters. */
const longest = 3000

const titleOf = ({ kind, system, seed }: Told): string =>
  `${kind === "best" ? "Talking helped" : "Talking did harm"}: ${system}, seed ${seed}`

const dialogueOf = (told: Told): Dialogue => ({
  kind: "dialogue",
  title: titleOf(told),
  facts: [
    ["task", told.task],
    ["question", excerpt(told.question, longest)],
    ["right answer", excerpt(told.gold, longest)],
    [
      "given answer",
      `${told.answer === undefined ? "none that could be read" : excerpt(told.answer, longest)} (${told.correct ? "right" : "wrong"})`
    ]
  ],
  turns: told.turns.map(({ round, agent, seat, action, text, reading, credit }) => ({
    title: `Turn ${round}: ${agent} (${seat}), ${action}`,
    ...(reading === undefined ? {} : { reading: excerpt(reading, 200) }),
    ...(text === undefined ? {} : { text: excerpt(text, longest) }),
    credit
  }))
})

/** Dialogues to be read turn by turn. */
export const dialogues = (benchmark: BenchmarkIndex): Section | undefined => {
  const blocks = byDataset(benchmark, "dialogues", ({ name }): ReadonlyArray<Block> => {
    const here = benchmark.summary.dialogues.filter(({ dataset }) => dataset === name)
    return (["best", "worst"] as const).flatMap((kind): ReadonlyArray<Block> => {
      const own = here.filter((told) => told.kind === kind)
      const left = own.length - shown
      return [
        ...chooseDialogues(own, shown).map(dialogueOf),
        ...(left > 0
          ? [
              paragraph(
                `${counted(left, "more dialogue")} in which talking ${kind === "best" ? "helped" : "did harm"}: see `,
                { code: "summary.json" },
                "."
              )
            ]
          : [])
      ]
    })
  })
  if (blocks.length === 0) return undefined
  return {
    id: "dialogues",
    title: "Dialogues, turn by turn",
    blocks: [
      paragraph(
        `Those in which talking helped most, and those in which it did most harm. A turn's credit is the outcome (+1 right, -1 wrong) less that without the turn. ${replayWords(benchmark.summary)} They were chosen because they are extreme: read them to see how it goes, not how often.`
      ),
      ...blocks
    ]
  }
}
