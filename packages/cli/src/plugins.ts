import { controllerPlugins } from "@tracer-sdk/controllers"
import { type AnyPlugin, corePlugins } from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"
import { trainerPlugins } from "@tracer-sdk/trainers"

/** Every plug-in that comes with the SDK. */
export const bundledPlugins: ReadonlyArray<AnyPlugin> = [
  ...corePlugins,
  ...rolePlugins,
  ...controllerPlugins,
  ...trainerPlugins
]
