export { continuationValues, type DecisionValues, oneStepValues, outcomeOf } from "./decision-values.ts"
export { roleOutcomeCredits } from "./role-outcome.ts"
export { TracerCreditOptions, tracerCredit } from "./tracer-credit.ts"
