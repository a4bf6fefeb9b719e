export { Exp3ControllerOptions, exp3Controller, restoreExp3Controller } from "./bandit/exp3.ts"
export {
  restoreThompsonController,
  ThompsonControllerOptions,
  thompsonController
} from "./bandit/thompson.ts"
export {
  type BayesianController,
  BayesianControllerOptions,
  type BayesianSetting,
  bayesianController,
  restoreBayesianController
} from "./bayes/bayesian.ts"
export { type KuhnState, kuhnPoker } from "./games/kuhn.ts"
export { type LeducState, leducPoker } from "./games/leduc.ts"
export { chicken, matchingPennies, rockPaperScissors, shapleysGame } from "./games/matrix-games.ts"
export { controllerPlugins } from "./plugins.ts"
export { regretMatching, restoreRegretMatching } from "./regret/regret-matching.ts"
export { RegretMatchingOptions } from "./regret/regret-variant.ts"
export { LlmSelectorOptions, llmSelector } from "./selector/llm-selector.ts"
export { type CfrOptions, counterfactualRegretMinimisation } from "./solvers/cfr.ts"
export { type EquilibriumGap, equilibriumGap } from "./solvers/equilibrium-gap.ts"
export {
  expectedReturns,
  type GameNode,
  type GameTree,
  gameTree,
  type InfoSet,
  type Profile
} from "./solvers/game-tree.ts"
export { type JointPlayLog, jointPlayLog } from "./solvers/joint-play.ts"
export {
  bimatrixGame,
  type JointCell,
  type JointDistribution,
  type MatrixGame,
  marginals,
  productDistribution
} from "./solvers/matrix-game.ts"
export { externalSampling, type MonteCarloOptions, outcomeSampling } from "./solvers/monte-carlo-cfr.ts"
export { bestResponseValue, exploitability, nashConv } from "./solvers/nash-conv.ts"
export { profileOf } from "./solvers/profile.ts"
export { FixedControllerOptions, fixedController } from "./stated/fixed.ts"
export { randomController } from "./stated/random.ts"
export { ThresholdControllerOptions, thresholdController } from "./stated/threshold.ts"
