import { controllerPlugins } from "@tracer-sdk/controllers"
import { type AnyPlugin, corePlugins, type Plugin, type PluginKind } from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"
import { Effect } from "effect"

const named =
  <K extends PluginKind>(kind: K, name: string) =>
  (plugin: AnyPlugin): plugin is AnyPlugin & Plugin<K> =>
    plugin.kind === kind && plugin.name === name

/** A plug-in of the trainers, whose tensor library takes a second to load and is loaded when it is first needed. */
const trainer = <K extends PluginKind>(kind: K, name: string): Plugin<K> => ({
  kind,
  name,
  make: (options, context, path) =>
    Effect.flatMap(
      Effect.promise(() => import("@tracer-sdk/trainers")),
      ({ trainerPlugins }) => {
        const plugin = trainerPlugins.find(named(kind, name))
        return plugin === undefined
          ? Effect.die(new Error(`the trainers have no ${kind} plug-in "${name}"`))
          : plugin.make(options, context, path)
      }
    )
})

/** Every plug-in that comes with the SDK. */
export const bundledPlugins: ReadonlyArray<AnyPlugin> = [
  ...corePlugins,
  ...rolePlugins,
  ...controllerPlugins,
  trainer("policy", "local"),
  trainer("policy", "served"),
  trainer("learner", "gspo")
]
