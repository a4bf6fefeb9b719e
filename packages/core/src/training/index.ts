export {
  type EmpiricalPlay,
  EquilibriumGaps,
  empiricalPlay,
  JointPlay,
  MeasuredEquilibrium,
  type PlayedDecision
} from "./empirical-play.ts"
export { batchCount, type TrainSettings, train } from "./train.ts"
