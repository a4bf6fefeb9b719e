import type { Reading } from "../../transcript.ts"

/** What reasoning is worth that nobody gave a readable judgement of. */
const undecided = 1 / 2

/** RIGHT is 1, WRONG is 0, a score is itself; absent where nothing was judged. */
export const judgementOf = (reading: Reading | undefined): number | undefined => {
  if (reading?.kind === "verdict") return reading.verdict === "right" ? 1 : 0
  return reading?.kind === "score" ? Math.min(1, Math.max(0, reading.score)) : undefined
}

/** The mean of the readable judgements, so the share of RIGHT where all are verdicts; 1/2 where none can be read. */
export const meanJudgement = (readings: ReadonlyArray<Reading | undefined>): number => {
  const judgements = readings.flatMap((reading) => judgementOf(reading) ?? [])
  if (judgements.length === 0) return undecided
  return judgements.reduce((sum, judgement) => sum + judgement, 0) / judgements.length
}
