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
  type PromptSet,
  ProposerTemplates,
  ReviewerTemplates,
  ThinkerTemplates
} from "./prompts/templates.ts"
export { ProposerOptions, proposer } from "./proposer.ts"
export { ReviewerOptions, readReview, reviewer } from "./reviewer.ts"
export { ThinkerOptions, thinker } from "./thinker.ts"
