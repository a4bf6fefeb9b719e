export { CriticOptions, critic } from "./critic.ts"
export { DebaterOptions, debater } from "./debater.ts"
export { rolePlugins } from "./plugins.ts"
export {
  type ChatModelFactory,
  LangchainPolicyOptions,
  langchainPolicy
} from "./policy/langchain.ts"
export { OpenAiPolicyOptions, openaiPolicy } from "./policy/openai.ts"
export { simulatedDistribution, simulatedPolicy, type WeightedText } from "./policy/simulated.ts"
export { SimulatedPolicyOptions, SimulatedSpeech } from "./policy/simulated-skill.ts"
export { promptsFor } from "./prompts/prompts-for.ts"
export {
  DebaterTemplates,
  type PromptSet,
  ProposerTemplates,
  ReviewerTemplates,
  SelectorTemplates,
  ThinkerTemplates
} from "./prompts/templates.ts"
export { ProposerOptions, proposer } from "./proposer.ts"
export { readChoice } from "./read-choice.ts"
export { readReview } from "./read-review.ts"
export { readScore } from "./read-score.ts"
export { RefinerOptions, refiner } from "./refiner.ts"
export { ReviewerOptions, reviewer } from "./reviewer.ts"
export { SelectorOptions, selector } from "./selector.ts"
export { ThinkerOptions, thinker } from "./thinker.ts"
export { VerifierOptions, verifier } from "./verifier.ts"
