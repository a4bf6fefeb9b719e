export type { SampleRequest } from "./check-request.ts"
export { type HelperThreads, helperCount, helperThreads } from "./helpers.ts"
export type { DrawnTokens } from "./lane.ts"
export { makeSampler, type Sampler, type SamplerOptions } from "./sampler.ts"
