export { contradictionOf } from "./contradiction.ts"
export type { Contradiction } from "./reading.ts"
