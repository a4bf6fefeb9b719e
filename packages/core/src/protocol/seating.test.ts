import { describe, expect, it } from "vitest"
import { seatingOf, seatingPeriod } from "./seating.ts"

const team = (n: number) => Array.from({ length: n }, (_, i) => `agent${i}`)

describe("seatingOf", () => {
  it("keeps two fixed agents in their seats", () => {
    for (const episode of [0, 1, 7]) {
      const seating = seatingOf(["ann", "bob"], "fixed", episode)
      expect(seating.proposer(1)).toEqual({ name: "proposer", agent: "ann", controller: "ann.proposer" })
      expect(seating.reviewer(2)).toEqual({ name: "reviewer", agent: "bob", controller: "bob.reviewer" })
    }
  })

  it("lets the others take turns to review a fixed proposer", () => {
    const seating = seatingOf(["ann", "bob", "cem"], "fixed", 0)
    expect([0, 1, 2].map((pair) => seating.reviewer(pair).agent)).toEqual(["bob", "cem", "bob"])
    expect(seatingOf(["ann", "bob", "cem"], "fixed", 1).reviewer(0).agent).toBe("cem")
  })

  it("swaps two rotating agents every pair of rounds", () => {
    const seating = seatingOf(["ann", "bob"], "rotate", 0)
    expect([0, 1].map((pair) => [seating.proposer(pair).agent, seating.reviewer(pair).agent])).toEqual([
      ["ann", "bob"],
      ["bob", "ann"]
    ])
    expect(seatingOf(["ann", "bob"], "rotate", 1).proposer(0).agent).toBe("bob")
  })

  it.each([2, 3, 4, 5, 6])("lets each of %i agents propose once and review once in as many pairs", (n) => {
    for (let episode = 0; episode < 2 * seatingPeriod(n, "rotate"); episode++) {
      const seating = seatingOf(team(n), "rotate", episode)
      const pairs = Array.from({ length: n }, (_, pair) => pair)
      const proposers = pairs.map((pair) => seating.proposer(pair).agent)
      const reviewers = pairs.map((pair) => seating.reviewer(pair).agent)
      expect(new Set(proposers).size).toBe(n)
      expect(new Set(reviewers).size).toBe(n)
      expect(proposers.some((agent, pair) => agent === reviewers[pair])).toBe(false)
    }
  })

  it.each([2, 3, 4, 5, 6])("opens every ordered pair of %i agents once in a period", (n) => {
    const openings = Array.from({ length: seatingPeriod(n, "rotate") }, (_, episode) => {
      const seating = seatingOf(team(n), "rotate", episode)
      return `${seating.proposer(0).agent} ${seating.reviewer(0).agent}`
    })
    expect(new Set(openings).size).toBe(n * (n - 1))
  })

  it("lets an agent alone review itself", () => {
    for (const rotation of ["fixed", "rotate"] as const) {
      const seating = seatingOf(["ann"], rotation, 3)
      expect([seating.proposer(1).agent, seating.reviewer(1).agent]).toEqual(["ann", "ann"])
    }
  })
})
