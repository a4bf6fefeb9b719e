export type { SampleRequest } from "./check-request.ts"
export { type DrawnTokens, makeSampler, type Sampler, type SamplerOptions } from "./sampler.ts"
