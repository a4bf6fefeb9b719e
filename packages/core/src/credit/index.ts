export { continuationValues, type DecisionValues, oneStepValues, outcomeOf } from "./decision-values.ts"
export { DiscountedVerifierOptions, discountedVerifierCredit } from "./discounted-verifier.ts"
export { LeaveOneOutOptions, leaveOneOutCredit } from "./leave-one-out.ts"
export { LlmJudgeOptions, llmJudgeCredit } from "./llm-judge.ts"
export { creditPlugins } from "./plugins.ts"
export { roleOutcomeCredits } from "./role-outcome.ts"
export { ShapleyOptions, type SpeakerWorth, shapleyCredit, speakerWorths } from "./shapley.ts"
export {
  type Coalition,
  type CoalitionWorth,
  type ShapleySettings,
  shapleyValues
} from "./shapley-values.ts"
export { SharedOutcomeOptions, sharedOutcomeCredit } from "./shared-outcome.ts"
export { TracerCreditOptions, tracerCredit } from "./tracer-credit.ts"
