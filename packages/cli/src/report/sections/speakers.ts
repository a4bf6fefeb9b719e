import type { SpeakerAudit } from "@tracer-sdk/core"
import { percent } from "../../render/number.ts"
import type { BenchmarkIndex } from "../benchmark-index.ts"
import { cells, paragraph, type Row, type Section } from "../document.ts"
import { speakerTotals } from "../speaker-totals.ts"
import { countOf, pointsCell } from "../words/numbers.ts"
import { replayWords } from "../words/replay-words.ts"
import { byDataset } from "./by-dataset.ts"

const nameOf = ({ agent, seat, role }: SpeakerAudit): string =>
  seat === role ? `${agent}, ${seat}` : `${agent}, ${seat} (${role})`

const row = (audit: SpeakerAudit): Row =>
  cells(
    nameOf(audit),
    countOf(audit.spoke, audit.spoke + audit.silent),
    audit.tokens.toLocaleString("en"),
    pointsCell(audit.contribution),
    audit.spoke === 0 ? "silent" : percent(audit.freeRiding),
    audit.helpful.toLocaleString("en"),
    audit.harmful.toLocaleString("en"),
    audit.contradictions.toLocaleString("en"),
    audit.emptyAgreement.toLocaleString("en")
  )

/** Which speakers really cooperate, and which only appear to. */
export const speakers = (benchmark: BenchmarkIndex): Section | undefined => {
  const { summary, systems } = benchmark
  const blocks = byDataset(benchmark, "speakers", ({ name }) => {
    const rows = systems.flatMap((system): ReadonlyArray<Row> => {
      const audits = summary.audits
        .filter((audit) => audit.system === system.name && audit.dataset === name)
        .flatMap((audit) => audit.speakers)
      return audits.length === 0
        ? []
        : [{ kind: "group", title: system.name }, ...speakerTotals(audits).map(row)]
    })
    if (rows.length === 0) return []
    return [
      {
        kind: "table",
        caption: `${name}: every speaker, over all seeds. Contribution: how many more dialogues in a hundred are right with it than without, with a 95% interval that holds those of all seeds.`,
        columns: [
          { heading: "speaker", align: "left" },
          { heading: "spoke, of its turns", align: "right" },
          { heading: "tokens", align: "right" },
          { heading: "contribution in points", align: "right" },
          { heading: "free riding", align: "right" },
          { heading: "helpful turns", align: "right" },
          { heading: "harmful turns", align: "right" },
          { heading: "contradictions", align: "right" },
          { heading: "empty agreement", align: "right" }
        ],
        rows
      }
    ]
  })
  if (blocks.length === 0) return undefined
  return {
    id: "speakers",
    title: "Who really cooperates",
    blocks: [
      paragraph(
        `Each utterance is taken out of its dialogue. ${replayWords(summary)} Free riding: the share of a speaker's utterances without which the outcome is the same. Helpful and harmful turns made the dialogue right and wrong. Contradictions: verdicts whose own reasons say the opposite. Empty agreement: assent that changed nothing.`
      ),
      ...blocks
    ]
  }
}
