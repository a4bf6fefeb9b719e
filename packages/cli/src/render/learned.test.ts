import { describe, expect, it } from "vitest"
import { describeInfo, describeLearned } from "./learned.ts"

const reviewer = (review: number, visits = 512) => ({
  controller: "bob.reviewer",
  info: "vote=0 round=open",
  actions: ["skip", "review"],
  average: [1 - review, review],
  visits
})

describe("describeLearned", () => {
  it.each([
    [
      reviewer(0.98),
      "When no vote leads and more than one proposal remains, bob reviews 98% of the time (seen 512 times)."
    ],
    [
      reviewer(1, 1),
      "When no vote leads and more than one proposal remains, bob always reviews (seen once)."
    ],
    [
      reviewer(0),
      "When no vote leads and more than one proposal remains, bob never reviews (seen 512 times)."
    ],
    [
      reviewer(0.001, 4096),
      "When no vote leads and more than one proposal remains, bob reviews less than 1% of the time (seen 4,096 times)."
    ],
    [
      reviewer(0.999),
      "When no vote leads and more than one proposal remains, bob reviews more than 99% of the time (seen 512 times)."
    ],
    [
      {
        controller: "dr.who.proposer",
        info: "vote=-2 round=last",
        actions: ["keep", "propose"],
        average: [0.25, 0.75],
        visits: 8
      },
      "When WRONG leads by 2 votes and at most one proposal remains, dr.who proposes anew 75% of the time (seen 8 times)."
    ],
    [
      { controller: "first", info: "K:b", actions: ["pass", "bet"], average: [0.25, 0.75], visits: 2 },
      "When K:b, first plays pass 25% of the time, bet 75% of the time (seen 2 times)."
    ],
    [
      {
        controller: "ann.debater",
        info: "confidence=high",
        actions: ["silent", "comment", "answer"],
        average: [0.5, 0.25, 0.25],
        visits: 2
      },
      "When confidence is high, ann plays silent 50% of the time, comment 25% of the time, answer 25% of the time (seen 2 times)."
    ]
  ])("%#", (state, sentence) => {
    expect(describeLearned(state)).toBe(sentence)
  })
})

describe("describeInfo", () => {
  it.each([
    ["vote=none round=open", "nothing has been proposed yet and more than one proposal remains"],
    [
      "vote=unparsed round=last",
      "the proposal on the table has no readable answer and at most one proposal remains"
    ],
    ["vote=+1", "RIGHT leads by 1 vote"],
    ["vote=many", "vote is many"],
    ["round=3", "round is 3"],
    ["", ""]
  ])("%s", (info, words) => {
    expect(describeInfo(info)).toBe(words)
  })
})
