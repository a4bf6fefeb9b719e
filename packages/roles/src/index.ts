export {
  SimulatedPolicyOptions,
  simulatedDistribution,
  simulatedPolicy,
  type WeightedText
} from "./policy/simulated.ts"
