export {
  type DrawnTokens,
  makeSampler,
  type SampleRequest,
  type Sampler,
  type SamplerOptions
} from "./sampler.ts"
