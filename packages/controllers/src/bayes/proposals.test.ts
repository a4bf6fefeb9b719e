import type { Reading, TranscriptEntry } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { proposalsIn } from "./proposals.ts"

const entry = (round: number, agent: string, reading?: Reading, about?: number): TranscriptEntry => ({
  round,
  agent,
  seat: "seat",
  action: "act",
  ...(reading === undefined ? {} : { text: `text ${round}`, reading }),
  ...(about === undefined ? {} : { about })
})
const answer = (text: string): Reading => ({ kind: "proposal", answer: { text, canonical: text } })
const verdict = (right: boolean): Reading => ({ kind: "verdict", verdict: right ? "right" : "wrong" })
const score = (value: number): Reading => ({ kind: "score", score: value })

describe("proposalsIn", () => {
  it("gives each proposal the verdicts that follow it, scores taken for verdicts", () => {
    const transcript = [
      entry(1, "ann", answer("4")),
      entry(2, "bob", verdict(false)),
      entry(3, "cyd"),
      entry(4, "cyd", { kind: "comment" }),
      entry(5, "ann", { kind: "unreadable", expected: "proposal", reason: "no number" }),
      entry(6, "bob", score(0.9)),
      entry(7, "cyd", score(0.5)),
      entry(8, "bob", { kind: "unreadable", expected: "verdict", reason: "none" }),
      entry(9, "cyd", score(0.1))
    ]
    expect(proposalsIn({ transcript })).toEqual([
      {
        agent: "ann",
        round: 1,
        text: "text 1",
        answer: { text: "4", canonical: "4" },
        verdicts: [{ agent: "bob", right: false }]
      },
      {
        agent: "ann",
        round: 5,
        text: "text 5",
        verdicts: [
          { agent: "bob", right: true },
          { agent: "cyd", right: false }
        ]
      }
    ])
  })

  it("puts a verdict with the proposal that it is about, and ends at the pending one", () => {
    const transcript = [
      entry(1, "ann", answer("4")),
      entry(2, "bob", answer("5")),
      entry(3, "cyd", verdict(true), 1),
      entry(4, "cyd", verdict(false), 2)
    ]
    expect(proposalsIn({ transcript }).map(({ verdicts }) => verdicts)).toEqual([
      [{ agent: "cyd", right: true }],
      [{ agent: "cyd", right: false }]
    ])
    const pending = { text: "text 1", answer: { text: "4", canonical: "4" } }
    expect(proposalsIn({ transcript, pending }).map(({ round }) => round)).toEqual([1])
  })

  it("tells the pending proposal from one of the same words", () => {
    const twice = [entry(1, "ann", answer("4")), { ...entry(2, "bob", answer("4")), text: "text 1" }]
    const rounds = (round: number) =>
      proposalsIn({ transcript: twice, pending: { text: "text 1", round } }).map((proposal) => proposal.round)
    expect(rounds(1)).toEqual([1])
    expect(rounds(2)).toEqual([1, 2])
  })
})
