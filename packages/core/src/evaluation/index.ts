export { type EvaluateSettings, evaluate } from "./evaluate.ts"
export { Interval, meanInterval, pairedDifference, type Score, wilson } from "./interval.ts"
export { EvaluationReport, reportOf } from "./report.ts"
