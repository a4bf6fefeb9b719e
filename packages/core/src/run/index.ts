export { type OpenRun, openRun, type RunPlace } from "./open-run.ts"
export { runFiles } from "./run-directory.ts"
export {
  CurvePoint,
  EvaluatedSystem,
  gainsOf,
  LearnedState,
  learnedStates,
  RunSummary
} from "./summary.ts"
export { type RunPhase, type TrainRun, trainRun } from "./train-run.ts"
