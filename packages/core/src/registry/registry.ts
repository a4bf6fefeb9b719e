import "reflect-metadata"
import { Effect, type Scope } from "effect"
import { container } from "tsyringe"
import type { PluginUse } from "../config/team-config.ts"
import { ConfigError, type TracerError } from "../errors.ts"
import type { Plugin, PluginKind, PluginKinds } from "./plugin.ts"

/** A plug-in of any kind. */
export type AnyPlugin = { [K in PluginKind]: Plugin<K> }[PluginKind]

/** Finds plug-ins by kind and name. */
export interface Registry {
  readonly names: (kind: PluginKind) => ReadonlyArray<string>
  /** Makes the plug-in that `use` names; fails with `ConfigError` where there is none or its options are wrong. */
  readonly make: <K extends PluginKind>(
    kind: K,
    use: PluginUse,
    context: PluginKinds[K]["context"],
    path: string
  ) => Effect.Effect<PluginKinds[K]["product"], TracerError, Scope.Scope>
}

const token = (kind: PluginKind): string => `@tracer-sdk/${kind}`

/**
 * The composition root: the one place that holds a dependency container.
 *
 * A later plug-in replaces an earlier one of the same kind and name.
 */
export const createRegistry = (plugins: ReadonlyArray<AnyPlugin>): Registry => {
  const services = container.createChildContainer()
  for (const plugin of plugins) services.register(token(plugin.kind), { useValue: plugin })
  const all = <K extends PluginKind>(kind: K): ReadonlyArray<Plugin<K>> =>
    services.isRegistered(token(kind)) ? services.resolveAll<Plugin<K>>(token(kind)) : []
  const names = (kind: PluginKind) => [...new Set(all(kind).map((plugin) => plugin.name))].sort()
  return {
    names,
    make: (kind, { use, ...options }, context, path) => {
      const plugin = all(kind).findLast((candidate) => candidate.name === use)
      if (plugin !== undefined) return plugin.make(options, context, path)
      return Effect.fail(
        new ConfigError({
          path: `${path}.use`,
          message: `${path}.use: there is no ${kind} plug-in "${use}"; known here: ${names(kind).join(", ") || "none"}.`,
          hint: "Name one of these, or pass a plug-in of your own, made with definePlugin, beside the bundled ones; docs/plugins.md shows how, for the tracer command too."
        })
      )
    }
  }
}
