import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { playPure, type Say } from "../../../test/play-pure.ts"
import { corePlugins } from "../../plugins.ts"
import { createRegistry } from "../../registry/index.ts"
import type { Task } from "../../task.ts"
import { protocolConformance } from "../../testing/conformance/index.ts"
import type { Reading, View } from "../../transcript.ts"
import { mcts } from "./mcts.ts"
import { treeOfThoughts } from "./tree-of-thoughts.ts"

const task: Task = { id: "t", question: "What is 2 + 3 + 4?", gold: "9" }
const agents = ["ann", "bob"]

const step = (text: string) => ({ text, reading: { kind: "comment" } as Reading })
const answer = (text: string) => ({
  text,
  reading: { kind: "proposal", answer: { text, canonical: text } } as Reading
})
const silent = { text: "", reading: { kind: "unreadable", expected: "comment", reason: "" } as Reading }
const verdict = (right: boolean) => ({
  text: right ? "RIGHT" : "WRONG",
  reading: { kind: "verdict", verdict: right ? "right" : "wrong" } as Reading
})

/** Says what stands after the steps so far, in the order asked, over and over; judges as `judge` says of the pending text. */
const scripted = (
  thoughts: Readonly<Record<string, ReadonlyArray<ReturnType<typeof step>>>>,
  judge: (pending: string) => Reading
): Say => {
  const asked = new Map<string, number>()
  return (turn, { steps = [], pending }) => {
    if (turn.actions[0]?.role !== "thinker") return { text: "judged", reading: judge(pending?.text ?? "") }
    const key = steps.join("/")
    const said = asked.get(key) ?? 0
    asked.set(key, said + 1)
    const lines = thoughts[key] ?? []
    return lines[said % Math.max(1, lines.length)] ?? silent
  }
}
const likes =
  (...good: ReadonlyArray<string>) =>
  (pending: string): Reading => ({ kind: "verdict", verdict: good.includes(pending) ? "right" : "wrong" })

describe("treeOfThoughts", () => {
  it("keeps the best lines after each step, and answers with the best answer", () => {
    const protocol = treeOfThoughts({ agents, breadth: 1, samples: 2, depth: 2 })
    const say = scripted(
      { "": [step("2+3=6"), step("2+3=5")], "2+3=5": [answer("10"), answer("9")] },
      likes("2+3=5", "2+3=5\n9")
    )
    const rounds: Array<ReadonlyArray<number>> = []
    const views: Array<View> = []
    const end = playPure(protocol, task, say, (turns, state) => {
      rounds.push(turns.map(({ round }) => round))
      for (const turn of turns) views.push(protocol.view(state, turn))
    })
    expect(protocol.answer(end)?.text).toBe("9")
    expect(end.board.memory.tree.map(({ text, visits, total }) => [text, visits, total])).toEqual([
      ["", 4, 2],
      ["2+3=6", 1, 0],
      ["2+3=5", 3, 2],
      ["10", 1, 0],
      ["9", 1, 1]
    ])
    expect(rounds).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8]
    ])
    expect(views[1]).toEqual({ task, transcript: [], steps: [], options: ["step", "answer"] })
    expect(views[3]).toMatchObject({ steps: ["2+3=5"], pending: { text: "2+3=5" } })
    expect(views[3]?.pending).not.toHaveProperty("answer")
    // The last step has to be the answer, and only what it goes on from is seen.
    expect(views[4]).toMatchObject({ steps: ["2+3=5"], options: ["answer"] })
    expect(views[4]?.transcript.map(({ text }) => text)).toEqual(["2+3=5"])
    expect(views[7]).toMatchObject({ pending: { text: "2+3=5\n9", answer: { text: "9" } } })
    // A judgement says which utterance it is about.
    expect(protocol.view(end).transcript.map(({ round, about }) => [round, about])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 1],
      [4, 2],
      [5, undefined],
      [6, undefined],
      [7, 5],
      [8, 6]
    ])
    expect(protocol.view(end).pending?.text).toBe("2+3=5\n9")
  })

  it("prefers what was said first among equals, judges the same words once, and keeps an early answer", () => {
    const protocol = treeOfThoughts({ agents, breadth: 2, samples: 3, depth: 3 })
    const say = scripted(
      { "": [answer("7"), step("think"), step("think ")], think: [answer("8"), answer("8"), silent] },
      () => ({ kind: "verdict", verdict: "right" })
    )
    const end = playPure(protocol, task, say)
    expect(protocol.answer(end)?.text).toBe("7")
    expect(end.board.memory.tree.map(({ text, status }) => [text, status])).toEqual([
      ["", "open"],
      ["7", "final"],
      ["think", "open"],
      ["8", "final"],
      ["", "failed"]
    ])
    // Three steps and their two judgements, three more and one judgement: then both lines kept state an answer.
    expect(end.board.transcript).toHaveLength(9)
  })

  it("values by the share of RIGHT, by scores, and by 1/2 where no judgement can be read", () => {
    const protocol = treeOfThoughts({
      agents: ["ann", "bob", "eve"],
      breadth: 1,
      samples: 3,
      depth: 1,
      judgements: 2
    })
    const said = [answer("1"), answer("2"), answer("3")]
    const judgements: Readonly<Record<string, ReadonlyArray<Reading>>> = {
      "1": [verdict(true).reading, verdict(false).reading],
      "2": [{ kind: "score", score: 0.9 }, silent.reading],
      "3": [silent.reading, silent.reading]
    }
    let thought = 0
    const heard = new Map<string, number>()
    const judges: Array<string> = []
    const end = playPure(protocol, task, (turn, { pending }) => {
      if (turn.seat.name === "thinker") return said[thought++] ?? silent
      judges.push(turn.seat.agent)
      const text = pending?.text ?? ""
      const count = heard.get(text) ?? 0
      heard.set(text, count + 1)
      return { text: "judged", reading: judgements[text]?.[count] ?? silent.reading }
    })
    expect(end.board.memory.tree.slice(1).map(({ total }) => total)).toEqual([0.5, 0.9, 0.5])
    expect(judges).toEqual(["bob", "eve", "bob", "eve", "bob", "eve"])
    expect(protocol.answer(end)?.text).toBe("2")
    expect(end.board.proposals.map(({ right, wrong, scores }) => [right, wrong, scores])).toEqual([
      [1, 1, []],
      [0, 0, [0.9]],
      [0, 0, []]
    ])
  })

  it("judges rollouts in place of steps, and takes their answers, too", () => {
    const protocol = treeOfThoughts({
      ...{ agents: ["ann"], breadth: 1, samples: 2, depth: 2 },
      ...({ value: "rollout", rollouts: 2 } as const)
    })
    const pendings: Array<string> = []
    const say = scripted(
      {
        "": [step("a"), step("b")],
        a: [answer("5"), silent],
        // Two rollouts, then the two last steps.
        b: [answer("9"), answer("6"), answer("4"), answer("9")]
      },
      likes("b\n9")
    )
    const end = playPure(protocol, task, (turn, view) => {
      if (turn.seat.name === "reviewer") pendings.push(view.pending?.text ?? "")
      return say(turn, view)
    })
    // Worth: a (0 + 0) / 2, for one rollout is wrong and the other unreadable; b (1 + 0) / 2.
    expect(pendings).toEqual(["a\n5", "b\n9", "b\n6", "b\n4", "b\n9"])
    expect(end.board.memory.tree.map(({ text, visits, total }) => [text, visits, total])).toEqual([
      ["", 4, 1.5],
      ["a", 1, 0],
      ["b", 3, 1.5],
      ["4", 1, 0],
      ["9", 1, 1]
    ])
    expect(protocol.answer(end)?.text).toBe("9")
  })

  it("ends without an answer where nothing can be read", () => {
    const protocol = treeOfThoughts({ agents, depth: 3 })
    const end = playPure(protocol, task, () => silent)
    expect(protocol.answer(end)).toBeUndefined()
    expect(end.board.transcript).toHaveLength(3)
  })
})

describe("mcts", () => {
  const say = () =>
    scripted(
      {
        "": [step("2+3=6"), step("2+3=5")],
        "2+3=5": [answer("9"), step("5+4")],
        "2+3=6": [answer("10"), answer("11")],
        "2+3=5/5+4": [answer("1"), answer("2")]
      },
      likes("2+3=5", "2+3=5\n9")
    )

  it("goes by UCT, by hand", () => {
    const protocol = mcts({ agents, simulations: 3, samples: 2 })
    const trees: Array<string> = []
    const end = playPure(protocol, task, say(), (turns, { board }) => {
      trees.push(`${turns.length}: ${board.memory.tree.map(({ visits }) => visits).join(" ")}`)
    })
    // 1: both first steps, worth 0 and 1. 2: UCT is sqrt(ln 2) and 1 + sqrt(ln 2), so below 2+3=5: worth 1 and 0.
    // 3: root 4 visits; 2+3=6 has 0 + sqrt(ln 4 / 1) = 1.177, 2+3=5 has 2/3 + sqrt(ln 4 / 3) = 1.346; there 9 has 1 + 1.048 against
    // 1.048, so the answer is judged once more.
    expect(trees).toEqual(["2: 0", "2: 0 0 0", "2: 2 1 1", "2: 2 1 1 0 0", "1: 4 1 3 1 1"])
    expect(end.board.memory.tree.map(({ text, visits, total }) => [text, visits, total])).toEqual([
      ["", 5, 3],
      ["2+3=6", 1, 0],
      ["2+3=5", 4, 3],
      ["9", 2, 2],
      ["5+4", 1, 0]
    ])
    expect(protocol.answer(end)?.text).toBe("9")
    expect(end.board.proposals).toMatchObject([{ text: "2+3=5\n9", right: 2, wrong: 0 }])
  })

  it("explores more with a larger constant", () => {
    const protocol = mcts({ agents, simulations: 3, samples: 2, exploration: 3 })
    const end = playPure(protocol, task, say())
    // 3: 0 + 3 x 1.177 = 3.532 against 2/3 + 3 x 0.680 = 2.706.
    expect(end.board.memory.tree.map(({ visits }) => visits)).toEqual([6, 3, 3, 1, 1, 1, 1])
  })

  it("goes on to an answer where none has come up", () => {
    const protocol = mcts({ agents, simulations: 1, samples: 2 })
    const views: Array<View> = []
    const script = say()
    const end = playPure(protocol, task, (turn, view) => {
      views.push(view)
      return script(turn, view)
    })
    expect(views.at(-1)).toMatchObject({ steps: ["2+3=5"], options: ["answer"] })
    expect(protocol.view(end).pending?.text).toBe("2+3=5\n9")
    expect(protocol.answer(end)?.text).toBe("9")
  })

  it("answers by visits, by value or by a vote", () => {
    // First steps x (its answer is judged right once, later wrong) and two others that agree on 8 with 0.6 each.
    const answerBy = (how: "visits" | "value" | "vote") => {
      const protocol = mcts({ agents, simulations: 1, samples: 3, depth: 1, answer: how })
      const scores: Readonly<Record<string, number>> = { "7": 0.9, "8": 0.6, "8.0": 0.6 }
      let said = 0
      const end = playPure(protocol, { ...task, dataset: "gsm8k" }, (turn, { pending }) => {
        if (turn.seat.name === "reviewer") {
          return { text: "judged", reading: { kind: "score", score: scores[pending?.text ?? ""] ?? 0 } }
        }
        const text = ["8", "7", "8.0"][said++] ?? ""
        return { text, reading: { kind: "proposal", answer: { text, canonical: `${Number(text)}` } } }
      })
      return protocol.answer(end)?.text
    }
    // Each was visited once: then the better of them.
    expect(answerBy("visits")).toBe("7")
    expect(answerBy("value")).toBe("7")
    expect(answerBy("vote")).toBe("8")
  })
})

const readings: ReadonlyArray<Reading> = [
  { kind: "comment" },
  { kind: "comment" },
  { kind: "proposal", answer: { text: "9", canonical: "9" } },
  { kind: "proposal", answer: { text: "8", canonical: "8" } },
  { kind: "unreadable", expected: "proposal", reason: "" },
  { kind: "verdict", verdict: "right" },
  { kind: "verdict", verdict: "wrong" },
  { kind: "score", score: 0.3 },
  { kind: "choice", choice: "ann" }
]
const anything = (seed: ReadonlyArray<number>): Say => {
  let turn = 0
  return () => {
    const number = seed[turn++ % seed.length] ?? 0
    return { text: `said ${number % 5}`, reading: readings[number % readings.length] ?? { kind: "comment" } }
  }
}
const count = (max: number) => fc.integer({ min: 1, max })
const settings = {
  samples: count(3),
  depth: count(3),
  judgements: count(2),
  rollouts: count(2),
  value: fc.constantFrom("steps" as const, "rollout" as const)
}
const searches = fc.oneof(
  fc.record({ ...settings, breadth: count(3) }).map((options) => treeOfThoughts({ agents, ...options })),
  fc
    .record({
      ...settings,
      simulations: count(6),
      exploration: fc.constantFrom(0, 1, 5),
      answer: fc.constantFrom("visits" as const, "value" as const, "vote" as const)
    })
    .map((options) => mcts({ agents, ...options }))
)

describe("every search", () => {
  it("counts visits once for each value, and keeps values between 0 and 1, whatever is said", () => {
    fc.assert(
      fc.property(searches, fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 }), (protocol, seed) => {
        const end = playPure(protocol, task, anything(seed))
        const { tree } = end.board.memory
        for (const [index, { visits, total, parent, status }] of tree.entries()) {
          const children = tree.filter((other) => other.parent === index)
          const below = children.reduce((sum, child) => sum + child.visits, 0)
          const totalBelow = children.reduce((sum, child) => sum + child.total, 0)
          // A thought that was gone on from had been valued once, the root never.
          const own = children.length === 0 ? visits : parent < 0 ? 0 : 1
          expect(visits).toBe(below + own)
          expect(total).toBeGreaterThanOrEqual(totalBelow - 1e-9)
          expect(total).toBeLessThanOrEqual(totalBelow + own + 1e-9)
          if (index > 0) expect(visits).toBeGreaterThanOrEqual(1)
          if (status !== "open") expect(children).toEqual([])
        }
        const answers = end.board.proposals.flatMap((solution) => solution.answer?.text ?? [])
        if (answers.length > 0) expect(answers).toContain(protocol.answer(end)?.text)
        else expect(protocol.answer(end)).toBeUndefined()
      }),
      { numRuns: 150 }
    )
  })

  describe.each([
    treeOfThoughts({ agents }),
    treeOfThoughts({ agents: ["ann"], value: "rollout", depth: 2 }),
    mcts({ agents }),
    mcts({ agents: ["ann", "bob", "eve"], value: "rollout", rollouts: 2, answer: "vote", simulations: 3 })
  ])("$name conforms", (protocol) => {
    for (const { name, check } of protocolConformance(protocol, [task], { plays: 8 })) it(name, check)
  })

  it.effect("is made by its plug-in, which names what is wrong with its options", () =>
    Effect.gen(function* () {
      const registry = createRegistry(corePlugins)
      for (const use of ["tree-of-thoughts", "mcts"]) {
        const protocol = yield* registry.make("protocol", { use, samples: 2 }, { agents }, "protocol")
        expect(protocol).toMatchObject({ name: use, roles: ["thinker", "reviewer"] })
        const wrong = { use, samples: 0, breath: 2 }
        const error = yield* Effect.flip(registry.make("protocol", wrong, { agents }, "protocol"))
        expect(error.message).toContain("protocol.samples:")
        expect(error.message).toContain("protocol.breath: is not a known key")
        const none = yield* Effect.flip(registry.make("protocol", { use }, { agents: [] }, "protocol"))
        expect(none._tag).toBe("ConfigError")
      }
    })
  )

  it("says what is wrong with its agents, and refuses to be endless", () => {
    expect(() => treeOfThoughts({ agents: [] })).toThrow("tree-of-thoughts was given []")
    expect(() => mcts({ agents: ["ann", "ann"] })).toThrow("mcts was given [ann, ann]")
    expect(() => mcts({ agents, simulations: 1000, samples: 6 })).toThrow("could take 12000 turns")
  })
})
