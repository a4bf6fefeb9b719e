export { FixedControllerOptions, fixedController, restoreFixedController } from "./fixed.ts"
export { type KuhnState, kuhnPoker } from "./games/kuhn.ts"
export { controllerPlugins } from "./plugins.ts"
export { RegretMatchingOptions, regretMatching, restoreRegretMatching } from "./regret-matching.ts"
export { counterfactualRegretMinimisation, profileOf } from "./solvers/cfr.ts"
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
export { bestResponseValue, nashConv } from "./solvers/nash-conv.ts"
