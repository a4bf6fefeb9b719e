import { expect, it } from "@effect/vitest"
import { decodeTeamConfig } from "@tracer-sdk/core"
import { Effect } from "effect"
import { summaryExample } from "../../test/summary-example.ts"
import { type Inspection, renderInspection } from "./inspection.ts"
import { plainStyle } from "./style.ts"

const inspection = Effect.map(
  decodeTeamConfig({
    name: "word problems",
    agents: [
      { name: "alice", policy: "small" },
      { name: "bob", policy: "small" }
    ],
    policies: { small: { use: "simulated", right: 0.6 } },
    tasks: { train: { use: "arithmetic", count: 1200 } }
  }),
  (config): Inspection => ({
    directory: "runs/first",
    team: {
      version: 1,
      config,
      controllers: {},
      progress: { batchesDone: 8, batches: 38, events: 900, tasks: "3f" }
    },
    learned: summaryExample.learned.map((state, i) => ({
      ...state,
      averageRegret: i === 1 ? 0.2 : state.averageRegret,
      invariantHolds: i !== 2
    })),
    curve: summaryExample.curve,
    regret: [],
    equilibrium: {
      ...{ type: "equilibrium-measured", batch: 7, dialogues: 256, decisions: 700 },
      ...{ correlated: 0.0213, coarse: 0.0208 }
    },
    finished: false,
    files: [{ name: "team.json", size: 912 }]
  })
)

it.effect("shows an unfinished run, and marks regret beyond its bound", () =>
  Effect.gen(function* () {
    const text = renderInspection(yield* inspection, plainStyle)
    yield* Effect.promise(() => expect(text).toMatchFileSnapshot("fixtures/inspection.txt"))
  })
)

it.effect("says what it cannot show", () =>
  Effect.gen(function* () {
    const shown = yield* inspection
    const { progress: _, ...saved } = shown.team
    const text = renderInspection({ ...shown, team: saved, learned: [], curve: [] }, plainStyle)
    expect(text).toContain("Saved by a program, not by a training run.")
    expect(text).toContain("Its controllers (regret-matching) do not measure what they learn.")
    expect(text).not.toContain("Learning curve")
  })
)
