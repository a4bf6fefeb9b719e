import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { describe } from "vitest"
import { ConfigError } from "../errors.ts"
import { createRegistry } from "../registry/registry.ts"
import { bestOfN, mcts, proposeReview, selfConsistency, single } from "./index.ts"
import { protocolPlugins } from "./plugins.ts"

const registry = createRegistry(protocolPlugins)
const context = { agents: ["ann", "bob"] }

describe("protocolPlugins", () => {
  it.effect("make every protocol from its name alone", () =>
    Effect.gen(function* () {
      const names = protocolPlugins.map(({ name }) => name)
      expect(names).toEqual(
        expect.arrayContaining([
          ...["single", "self-consistency", "vote", "debate", "propose-review", "propose-review-refine"],
          ...["best-of-n", "selected-speaker"]
        ])
      )
      for (const use of names) {
        const protocol = yield* registry.make("protocol", { use }, context, "protocol")
        expect(protocol.name).toBe(use)
        expect(protocol.seats.length).toBeGreaterThan(0)
      }
    })
  )

  it.effect.each([
    [{ use: "self-consistency", samples: 0 }, "protocol.samples"],
    [{ use: "debate", rounds: 1.5 }, "protocol.rounds"],
    [{ use: "debate", agents: 3 }, "protocol.agents: is not a known key"],
    [{ use: "vote", weights: { ann: -1 } }, "protocol.weights.ann"],
    [{ use: "vote", verifier: "bob", weights: { bob: 2 } }, 'protocol.weights.bob: "bob" is the verifier'],
    [{ use: "vote", verifier: "dan" }, 'protocol.verifier: there is no agent "dan"; the team has: ann, bob.'],
    [{ use: "propose-review-refine", abstraction: "none" }, "protocol.abstraction"],
    [{ use: "best-of-n", samples: 1_000, judgements: 10 }, "could take 11000 turns, more than 10000."],
    [{ use: "debate", debaters: 100, rounds: 101 }, "debate could take 10100 turns"],
    [{ use: "selected-speaker", speakers: [{ agent: "ann" }] }, "protocol.speakers[0].role: is missing"],
    [{ use: "selected-speaker", select: "nobody" }, "protocol.select"]
  ] as const)("name what is wrong in %j", ([use, message]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(registry.make("protocol", use, context, "protocol"))
      if (error._tag !== "ConfigError") throw error
      expect(error.message).toContain(message)
      expect(error.hint).not.toBe("")
    })
  )

  it("made in code, they name what is wrong in the same way", () => {
    const { agents } = context
    const samples = "protocol.samples: Expected a value between 1 and 1000"
    for (const [make, message] of [
      [() => bestOfN({ agents, samples: 0 }), samples],
      [() => selfConsistency({ agents, samples: 1.5 }), "protocol.samples: Expected an integer"],
      [() => mcts({ agents, exploration: Number.NaN }), 'The protocol "mcts" is not valid'],
      [() => proposeReview({ agents, rounds: 0 }), "protocol.rounds"],
      [() => single({ agents: [] }), "agents: single was given []."]
    ] as const) {
      expect(make).toThrow(ConfigError)
      expect(make).toThrow(message)
    }
  })
})
