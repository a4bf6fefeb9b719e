export { type GspoLearner, type GspoLearnerParts, gspoLearner } from "./gspo-learner.ts"
export { GspoOptions, type GspoOptionsInput } from "./options.ts"
