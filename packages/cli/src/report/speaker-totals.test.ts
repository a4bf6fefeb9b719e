import type { SpeakerAudit } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { speakerTotals } from "./speaker-totals.ts"

const audit = (changed: Partial<SpeakerAudit>): SpeakerAudit => ({
  agent: "bob",
  seat: "reviewer",
  role: "reviewer",
  dialogues: 100,
  spoke: 100,
  silent: 20,
  tokens: 1000,
  contribution: { mean: 0.1, low: 0.05, high: 0.15 },
  freeRiding: 0.5,
  harmful: 1,
  helpful: 2,
  contradictions: 3,
  emptyAgreement: 4,
  ...changed
})

describe("speakerTotals", () => {
  it("adds counts, weighs contributions by dialogues and free riding by utterances", () => {
    expect(
      speakerTotals([
        audit({}),
        audit({
          dialogues: 300,
          spoke: 300,
          contribution: { mean: 0.3, low: 0.2, high: 0.4 },
          freeRiding: 0.9
        })
      ])
    ).toEqual([
      audit({
        dialogues: 400,
        spoke: 400,
        silent: 40,
        tokens: 2000,
        // (100 x 0.1 + 300 x 0.3) / 400, within the intervals of both seeds.
        contribution: { mean: 0.25, low: 0.05, high: 0.4 },
        // (100 x 0.5 + 300 x 0.9) / 400
        freeRiding: 0.8,
        harmful: 2,
        helpful: 4,
        contradictions: 6,
        emptyAgreement: 8
      })
    ])
  })

  it("keeps speakers apart, and divides nothing by nothing", () => {
    const silent = audit({ agent: "ada", dialogues: 0, spoke: 0 })
    const totals = speakerTotals([audit({}), silent])
    expect(totals.map(({ agent }) => agent)).toEqual(["bob", "ada"])
    expect(totals[1]).toMatchObject({ freeRiding: 0, contribution: { mean: 0 } })
  })
})
