import { describe, expect, it } from "vitest"
import { overlay } from "./overlay.ts"

describe("overlay", () => {
  it("goes key by key, and takes everything but objects as a whole", () => {
    expect(
      overlay(
        { sampling: { temperature: 1, maxTokens: 64 }, agents: ["a", "b"] },
        { sampling: { maxTokens: 8 }, agents: ["c"] }
      )
    ).toEqual({ sampling: { temperature: 1, maxTokens: 8 }, agents: ["c"] })
  })

  it("replaces a plug-in whole where another is named, and changes its options where none is", () => {
    const base = {
      controller: { use: "regret-matching", variant: "rm" },
      learner: { use: "gspo", roles: { reviewer: { learningRate: 1 } } }
    }
    expect(overlay(base, { controller: { use: "fixed" } }).controller).toEqual({ use: "fixed" })
    expect(overlay(base, { learner: { roles: { proposer: { frozen: true } } } }).learner).toEqual({
      use: "gspo",
      roles: { reviewer: { learningRate: 1 }, proposer: { frozen: true } }
    })
  })

  it("takes away what is null, and leaves what was below as it was", () => {
    const base = { learner: { use: "gspo" }, credit: { use: "tracer" } }
    expect(overlay(base, { learner: null })).toEqual({ credit: { use: "tracer" } })
    expect(base.learner).toEqual({ use: "gspo" })
  })
})
