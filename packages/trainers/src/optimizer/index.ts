export { type Adam, type AdamOptions, type AdamState, makeAdam, type StepOutcome } from "./adam.ts"
export type { Parameters } from "./parameter-layout.ts"
export { type ValueAndGradients, valueAndGradients } from "./value-and-gradients.ts"
