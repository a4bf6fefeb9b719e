import { describe, expect, it } from "vitest"
import { afterEpisode, afterEvent, afterPhase, measuring, preparing, progressLine } from "./progress.ts"

const batchEnd = (batch: number, correct: number) =>
  ({ type: "batch-end", batch, batches: 8, episodes: 10, correct, tokens: 2000 }) as const

describe("progress", () => {
  it("tells how far training is, how it goes, and about how long it will take", () => {
    const started = afterPhase(preparing(0), { kind: "train", batches: 8, tasks: 80 }, 1000)
    expect(progressLine(started, 1000, 99)).toBe("training  [................] 0/8 batches  0:00")
    const later = [batchEnd(0, 4), batchEnd(1, 7)].reduce(afterEvent, started)
    expect(progressLine(later, 21_000, 99)).toBe(
      "training  [####............] 2/8 batches  55.0% right  200 tokens/task  0:20, about 1:00 left"
    )
    expect(progressLine(later, 21_000, 20)).toBe("training  [####....…")
  })

  it("counts on where an earlier run stopped, and does not credit this one with its speed", () => {
    const resumed = afterPhase(preparing(0), { kind: "resume", batchesDone: 6, batches: 8 }, 0)
    const measured = afterPhase(resumed, { kind: "evaluate", when: "before", system: "team", tasks: 4 }, 1000)
    expect(progressLine(measured, 2000, 99)).toBe(
      "measuring team before learning  [................] 0/4 tasks  0:01"
    )
    const started = afterPhase(measured, { kind: "train", batches: 8, tasks: 80 }, 3000)
    expect(progressLine(started, 3000, 99)).toContain("6/8 batches")
    expect(progressLine(afterEvent(started, batchEnd(6, 5)), 13_000, 99)).toContain("7/8 batches")
    expect(progressLine(afterEvent(started, batchEnd(6, 5)), 13_000, 99)).toContain("0:10, about 0:10 left")
  })

  it("counts the dialogues of an evaluation", () => {
    const episode = { promptTokens: 100, completionTokens: 20 }
    const measured = [
      { ...episode, correct: true },
      { ...episode, correct: false },
      { ...episode, correct: undefined }
    ].reduce(afterEpisode, measuring("team", 4, 0))
    expect(progressLine(measured, 3000, 99)).toBe(
      "measuring team  [############....] 3/4 tasks  33.3% right  120 tokens/task  0:03, about 0:01 left"
    )
  })
})
