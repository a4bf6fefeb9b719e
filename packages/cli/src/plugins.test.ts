import { controllerPlugins } from "@tracer-sdk/controllers"
import { corePlugins } from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"
import { trainerPlugins } from "@tracer-sdk/trainers"
import { expect, it } from "vitest"
import { bundledPlugins } from "./plugins.ts"

it("bundles every plug-in of every package, those that are loaded late included", () => {
  const names = (plugins: typeof bundledPlugins) => plugins.map(({ kind, name }) => `${kind} ${name}`).sort()
  expect(names(bundledPlugins)).toEqual(
    names([...corePlugins, ...rolePlugins, ...controllerPlugins, ...trainerPlugins])
  )
})
