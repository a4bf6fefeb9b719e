export {
  definePlugin,
  type Plugin,
  type PluginDefinition,
  type PluginKind,
  type PluginKinds
} from "./plugin.ts"
export { type AnyPlugin, createRegistry, type Registry } from "./registry.ts"
