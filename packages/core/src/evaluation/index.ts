export { type DialogueRecord, type ReportedEpisode, recordOf, type VerdictCounts } from "./dialogue-record.ts"
export { type EvaluateSettings, evaluate } from "./evaluate.ts"
export {
  Interval,
  meanInterval,
  pairedDifference,
  pairedMeans,
  repeatedProportion,
  type Score,
  wilson
} from "./interval.ts"
export { costOf, type Price, type Prices } from "./price.ts"
export { EvaluationReport, reportOf } from "./report.ts"
