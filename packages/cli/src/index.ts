export { runTracer } from "./main.ts"
export { bundledPlugins } from "./plugins.ts"
export {
  afterEpisode,
  afterEvent,
  afterPhase,
  measuring,
  type Progress,
  preparing,
  progressLine
} from "./progress/progress.ts"
export {
  noScreen,
  type ProgressScreen,
  type ProgressView,
  showProgress,
  standardError
} from "./progress/show-progress.ts"
export { renderCurve } from "./render/chart.ts"
export { dialogueRenderer } from "./render/dialogue.ts"
export { renderEvaluation } from "./render/evaluation.ts"
export { type RunFile, renderFiles } from "./render/files.ts"
export { type Inspection, renderInspection } from "./render/inspection.ts"
export { describeInfo, describeLearned, renderLearned } from "./render/learned.ts"
export { type RunPlace, renderNextSteps } from "./render/next-steps.ts"
export { ansiStyle, plainStyle, type Style } from "./render/style.ts"
export { renderSummary, type SummaryOptions } from "./render/summary.ts"
export { renderGains, renderSystems } from "./render/systems.ts"
export { type ReportFiles, writeReport } from "./report/index.ts"
export { listRun } from "./run-folder.ts"
export { type TerminalLook, terminalLook } from "./terminal/terminal.ts"
export { tracerCommand } from "./tracer-command.ts"
