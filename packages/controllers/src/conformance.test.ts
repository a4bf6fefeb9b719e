import { controllerConformance, protocolConformance } from "@tracer-sdk/core/testing"
import { Effect } from "effect"
import { describe, it } from "vitest"
import { fixedController, restoreFixedController } from "./fixed.ts"
import { kuhnPoker } from "./games/kuhn.ts"
import { leducPoker } from "./games/leduc.ts"
import { regretMatching, restoreRegretMatching } from "./regret/regret-matching.ts"

describe("regret matching conforms", () => {
  for (const variant of ["rm", "rm+", "linear", "dcfr", "predictive"] as const) {
    describe(variant, () => {
      const options = { variant }
      const checks = controllerConformance(() => regretMatching(options), {
        restore: (snapshot) => Effect.runPromise(restoreRegretMatching(options, snapshot))
      })
      for (const { name, check } of checks) it(name, check)
    })
  }
})

describe("fixed controllers conform", () => {
  const options = { weights: { speak: 2, skip: 1 } }
  const checks = controllerConformance(() => fixedController(options), {
    learns: false,
    restore: (snapshot) => Effect.runPromise(restoreFixedController(options, snapshot))
  })
  for (const { name, check } of checks) it(name, check)
})

describe("Kuhn poker conforms", () => {
  for (const { name, check } of protocolConformance(kuhnPoker(), [{ id: "hand", question: "" }]))
    it(name, check)
})

describe("Leduc poker conforms", () => {
  for (const { name, check } of protocolConformance(leducPoker(), [{ id: "hand", question: "" }]))
    it(name, check)
})
