export { type Assembly, assemble, controllerUse, type MakePolicy } from "./assemble.ts"
export type { Solution } from "./solution.ts"
export { type CallOptions, Team } from "./team.ts"
export {
  loadTeam,
  makeTeam,
  type SolveOptions,
  type SolveQuestionOptions,
  type TeamRuntime
} from "./team-runtime.ts"
export { type Spending, type UsageMeter, usageMeter } from "./usage-meter.ts"
