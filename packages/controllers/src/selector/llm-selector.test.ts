import { describe, expect, it } from "@effect/vitest"
import { createRegistry, type Deliberation, type SeatTurn } from "@tracer-sdk/core"
import { scriptedPolicy } from "@tracer-sdk/core/testing"
import { Effect } from "effect"
import { controllerPlugins } from "../plugins.ts"
import { type LlmSelectorOptions, llmSelector } from "./llm-selector.ts"
import { readSelection, selectorPrompt } from "./selector-prompt.ts"

const seat = { name: "reviewer", agent: "bob", controller: "bob.reviewer" }
const turn: SeatTurn = {
  kind: "seat",
  round: 2,
  seat,
  actions: [{ name: "skip" }, { name: "review", role: "critic" }],
  fallback: "skip"
}
const deliberation: Deliberation = {
  turn,
  info: "vote=0",
  legal: { names: ["skip", "review"], fallback: "skip", spoken: ["review"] },
  mode: "average",
  seed: 7,
  view: {
    task: { id: "t", question: "What is 2 + 3?", choices: ["4", "5"] },
    transcript: [
      {
        ...{
          round: 1,
          agent: "ann",
          seat: "proposer",
          action: "propose",
          role: "proposer",
          text: "It is B."
        },
        reading: { kind: "proposal", answer: { text: "B", canonical: "B" } }
      }
    ],
    pending: { text: "It is B.", answer: { text: "B", canonical: "B" } }
  }
}

const asked = (reply: string, options: LlmSelectorOptions = {}) => {
  const bob = scriptedPolicy([{ say: reply, usage: { prompt: 80, completion: 9 } }])
  const policies = new Map([["bob", bob]])
  return { bob, thought: llmSelector(options, { seat, policies }).deliberate(deliberation) }
}

describe("llmSelector", () => {
  it.effect("plays what the model names, and counts its tokens", () =>
    Effect.gen(function* () {
      const { bob, thought } = asked("A check is worth it.\nNext: review")
      expect(yield* thought).toEqual({
        strategy: [0, 1],
        usage: { prompt: 80, completion: 9 },
        agent: "bob"
      })
      const [request] = bob.requests
      expect(request).toMatchObject({
        ...{ samples: 1, seed: 7, agent: "bob", role: "selector" },
        sampling: { temperature: 0, maxTokens: 128 },
        view: { options: ["skip", "review"] }
      })
    })
  )

  it.effect("plays the fallback, or anything, where the reply cannot be read", () =>
    Effect.gen(function* () {
      const reply = "I would review it, or skip."
      expect((yield* asked(reply).thought).strategy).toEqual([1, 0])
      expect((yield* asked(reply, { unreadable: "uniform" }).thought).strategy).toEqual([0.5, 0.5])
    })
  )

  it.effect("asks another agent's model where it is told to", () =>
    Effect.gen(function* () {
      const policies = new Map([["lead", scriptedPolicy(["Next: skip"])]])
      const selector = llmSelector({ agent: "lead", instructions: "Be quiet." }, { seat, policies })
      expect(yield* selector.deliberate(deliberation)).toMatchObject({ agent: "lead", strategy: [1, 0] })
      expect(policies.get("lead")?.requests[0]?.prompt.messages[0]).toEqual({
        role: "system",
        content: "Be quiet."
      })
      const nobody = llmSelector({}, { seat, policies })
      expect((yield* Effect.flip(nobody.deliberate(deliberation))).message).toContain(
        'no model of an agent "bob"'
      )
    })
  )

  it.effect("is refused for an agent that the team does not have, but can be looked at without any", () =>
    Effect.gen(function* () {
      const registry = createRegistry(controllerPlugins)
      const use = { use: "llm-selector", agent: "lead" }
      const policies = new Map([["bob", scriptedPolicy([])]])
      const error = yield* Effect.flip(
        Effect.scoped(registry.make("controller", use, { seat, policies }, "controller"))
      )
      expect(error).toMatchObject({
        _tag: "ConfigError",
        message: 'controller.agent: there is no agent "lead"; known here: bob.'
      })
      const looked = yield* Effect.scoped(
        registry.make("controller", use, { seat, policies: new Map() }, "controller")
      )
      expect(looked.strategy("s", deliberation.legal, "average")).toEqual([1, 0])
    })
  )

  it("shows the problem, the dialogue and the options", () => {
    const [, user] = selectorPrompt(deliberation, "").messages
    expect(user?.content).toBe(
      [
        "Problem:\nWhat is 2 + 3?\n\nChoices:\nA) 4\nB) 5",
        "The dialogue so far:\nann (proposer):\nIt is B.",
        "It is the turn of bob (reviewer). The options:\n- skip: bob says nothing\n- review: bob speaks as critic"
      ].join("\n\n")
    )
  })
})

describe("a model that decides who is next", () => {
  const legal = { names: ["reviewer ann_1", "reviewer bob_2", "end"], fallback: "end", spoken: [] }
  const silent: SeatTurn = { ...turn, actions: legal.names.map((name) => ({ name })), fallback: "end" }

  it("is shown the names alone, as nobody speaks at once", () => {
    const [, user] = selectorPrompt({ ...deliberation, turn: silent, legal }, "").messages
    expect(user?.content).toMatch(/The options:\n- reviewer ann_1\n- reviewer bob_2\n- end$/)
  })

  it.effect("may name somebody with an underscore", () =>
    Effect.gen(function* () {
      const policies = new Map([["bob", scriptedPolicy(["**Next: reviewer bob_2**"])]])
      const asking = llmSelector({}, { seat, policies }).deliberate({ ...deliberation, turn: silent, legal })
      expect((yield* asking).strategy).toEqual([0, 1, 0])
    })
  )
})

describe("readSelection", () => {
  const options = ["skip", "review"]
  it("takes a last line with a name, whatever its case and markup", () => {
    for (const reply of [
      "review",
      "Next: review",
      "Let me see.\n\n**Next: Review.**\n",
      "next : `REVIEW`",
      "Skip it? No.\nNext: review"
    ]) {
      expect(readSelection(reply, options)).toBe("review")
    }
  })

  it("tells no two options apart by markup alone", () => {
    expect(readSelection("Next: ab", ["a_b", "ab"])).toBeUndefined()
    expect(readSelection("Next: a_b", ["a_b", "c"])).toBe("a_b")
  })

  it("takes nothing else", () => {
    for (const reply of [
      "",
      "Next: review or skip",
      "I review.",
      "Next: review\nThat is all.",
      "Next:",
      "reviewer"
    ]) {
      expect(readSelection(reply, options)).toBeUndefined()
    }
  })
})
