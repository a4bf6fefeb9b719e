export { decodeConfig } from "./decode.ts"
export { decodeTeamConfig, readTeamConfig } from "./read-config.ts"
export {
  PluginUse,
  SamplingConfig,
  SystemConfig,
  TeamConfig,
  type TeamConfigInput,
  TrainingConfig
} from "./team-config.ts"
