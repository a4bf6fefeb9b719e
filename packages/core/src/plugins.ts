import { graderPlugins } from "./answer/plugins.ts"
import { creditPlugins } from "./credit/plugins.ts"
import { taskPlugins } from "./data/plugins.ts"
import { protocolPlugins } from "./protocol/plugins.ts"
import type { AnyPlugin } from "./registry/registry.ts"

/** The plug-ins that core brings: protocols, credit, graders and tasks. */
export const corePlugins: ReadonlyArray<AnyPlugin> = [
  ...protocolPlugins,
  ...creditPlugins,
  ...graderPlugins,
  ...taskPlugins
]
