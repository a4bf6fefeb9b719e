import { policyConformance, roleConformance } from "@tracer-sdk/core/testing"
import { describe, expect, it } from "vitest"
import { critic } from "./critic.ts"
import { debater } from "./debater.ts"
import { simulatedPolicy } from "./policy/simulated.ts"
import { proposer } from "./proposer.ts"
import { refiner } from "./refiner.ts"
import { reviewer } from "./reviewer.ts"
import { selector } from "./selector.ts"
import { thinker } from "./thinker.ts"
import { verifier } from "./verifier.ts"

const tasks = ["gsm8k", "math", "gpqa", "arithmetic"].map((dataset) => ({
  id: dataset,
  question: "What is 2 + 3?",
  gold: dataset === "gpqa" ? "A" : "5",
  dataset
}))

describe("roles conform", () => {
  for (const role of [
    proposer(),
    reviewer(),
    debater(),
    critic(),
    refiner(),
    verifier(),
    selector(),
    thinker()
  ]) {
    describe(role.name, () => {
      for (const { name, check } of roleConformance(role, tasks)) {
        it(name, async () => expect(await check()).toBeUndefined())
      }
    })
  }
})

describe("the simulated policy conforms", () => {
  const view = { task: { id: "t", question: "What is 2 + 3?", gold: "5" }, transcript: [] }
  const policy = simulatedPolicy({ right: 0.6, rightGivenRight: 0.9, rightGivenWrong: 0.2 })
  const request = {
    prompt: proposer().prompt(view),
    samples: 1,
    sampling: { temperature: 1, maxTokens: 100 },
    seed: 7,
    agent: "ann",
    role: "proposer",
    view
  }
  for (const { name, check } of policyConformance(policy, request)) {
    it(name, async () => expect(await check()).toBeUndefined())
  }
})
