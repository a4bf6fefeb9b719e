import { describe, expect, it } from "vitest"
import { overSeeds } from "./over-seeds.ts"

const run = (...values: ReadonlyArray<number>) => values.map((value, batch) => ({ batch, value }))

describe("overSeeds", () => {
  it("gives each batch the mean, the lowest and the highest of the seeds", () => {
    expect(overSeeds([run(0.25, 0.5), run(0.75, 0.5)])).toEqual([
      { batch: 1, mean: 0.5, low: 0.25, high: 0.75 },
      { batch: 2, mean: 0.5, low: 0.5, high: 0.5 }
    ])
  })

  it("takes long runs together by stretches of batches, each seed by its own mean first", () => {
    // Batches 1 and 2 of the seeds have means 1 and 3, batches 3 and 4 have 5 and 8, batch 5 has 10 and 20.
    expect(overSeeds([run(0, 2, 4, 6, 10), run(2, 4, 8, 8, 20)], 3)).toEqual([
      { batch: 1.5, mean: 2, low: 1, high: 3 },
      { batch: 3.5, mean: 6.5, low: 5, high: 8 },
      { batch: 5, mean: 15, low: 10, high: 20 }
    ])
  })

  it("goes on with the seeds that are there", () => {
    expect(overSeeds([run(1), run(3, 4)])).toEqual([
      { batch: 1, mean: 2, low: 1, high: 3 },
      { batch: 2, mean: 4, low: 4, high: 4 }
    ])
    expect(overSeeds([[], []])).toEqual([])
  })
})
