export { type Assembly, assemble, controllerUse } from "./assemble.ts"
export type { Solution } from "./solution.ts"
export { type CallOptions, Team } from "./team.ts"
export {
  loadTeam,
  makeTeam,
  type SolveOptions,
  type SolveQuestionOptions,
  type TeamRuntime
} from "./team-runtime.ts"
