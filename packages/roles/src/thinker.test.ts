import type { Task, View } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { reviewer } from "./reviewer.ts"
import { thinker } from "./thinker.ts"

const shop: Task = { id: "a", question: "Ann has 14 pears.", gold: "24", dataset: "arithmetic" }
const word: Task = { id: "g", question: "How many?", gold: "24", dataset: "gsm8k" }
const at = (task: Task, steps: ReadonlyArray<string> = [], options = ["step", "answer"]): View => ({
  task,
  transcript: [],
  steps,
  options
})
const role = thinker()
const answered = (text: string) => ({ text, canonical: text })

describe("the shipped model's thinker", () => {
  it("goes on with a proposal of which each step ends at an equals sign", () => {
    const asked = [
      { role: "system", content: "Solve." },
      { role: "user", content: "Ann has 14 pears." }
    ]
    expect(role.prompt(at(shop)).messages).toEqual(asked)
    expect(role.prompt(at(shop, ["14+18", "32. 32-8"])).messages).toEqual([
      ...asked,
      { role: "assistant", content: "14+18=32. 32-8=" }
    ])
    expect(role.stop?.(at(shop, ["14+18"]))).toEqual(["="])
  })

  it("says all the rest where no step may be taken", () => {
    const view = at(shop, ["14+18"], ["answer"])
    expect(role.prompt(view).messages.at(-1)).toEqual({ role: "assistant", content: "14+18=" })
    expect(role.stop?.(view)).toEqual([])
  })

  it("is reviewed as if it had been said at once", () => {
    const steps = ["14+18", "32. 32-8", "24.\nFinal answer: 24"]
    const view = { ...at(shop, steps), pending: { text: steps.join("\n"), answer: answered("24") } }
    expect(reviewer().prompt(view).messages[1]?.content).toBe(
      "Ann has 14 pears.\nProposed: 14+18=32. 32-8=24. Final answer: 24"
    )
  })
})

describe("the thinker of chat models", () => {
  const last = (view: View) => role.prompt(view).messages.at(-1)?.content ?? ""

  it("sees the steps with their numbers, and stops before the step after its own", () => {
    expect(last(at(word))).toContain("Steps so far:\nNone yet.\n\nWrite step 1 and nothing after it")
    const two = at(word, ["Ann has 14.", "**Step 2:** Bob has 18."])
    expect(last(two)).toContain("Step 1: Ann has 14.\nStep 2: Bob has 18.\n\nWrite step 3")
    expect(role.stop?.(two)).toEqual(["\nStep 4"])
    expect(last(at(word, ["Ann has 14."], ["answer"]))).toContain("Go on from these steps to the answer.")
  })

  it("takes other prompts, and goes on with its own message where they say so", () => {
    const own = thinker({
      name: "solver",
      prompts: {
        system: "Think.",
        step: "{question}",
        finish: "{question} Now.",
        continues: "\n\n",
        stop: ["\n\n"]
      }
    })
    expect(own.name).toBe("solver")
    expect(own.prompt(at(word, ["One.", "Two."])).messages.at(-1)).toEqual({
      role: "assistant",
      content: "One.\n\nTwo.\n\n"
    })
    expect(own.prompt(at(word, [], ["answer"])).messages.at(-1)?.content).toBe("How many? Now.")
  })

  it("has partial work reviewed as such, and finished work by its answer", () => {
    const partial = { ...at(word, ["Ann has 14."]), pending: { text: "Ann has 14." } }
    const ask = (view: View) => reviewer().prompt(view).messages[1]?.content ?? ""
    expect(ask(partial)).toContain("Step 1: Ann has 14.\n\nThere is no final answer yet")
    const finished = { ...partial, pending: { text: "Ann has 14.", answer: answered("14") } }
    expect(ask(finished)).toContain("Proposed answer:\nAnn has 14.")
  })
})

describe("a step", () => {
  it("is a comment until it states a final answer", () => {
    for (const text of ["14+18", "The answer is 7 so far, but 3 more come.", "32. 32-8"]) {
      expect(role.read(at(word), text)).toEqual({ kind: "comment" })
    }
    expect(role.read(at(shop, ["14+18"]), "32.\nFinal answer: 32")).toEqual({
      kind: "proposal",
      answer: answered("32")
    })
    expect(role.read(at({ ...word, dataset: "math" }), "So \\boxed{32}.")).toMatchObject({ kind: "proposal" })
  })

  it("is unreadable where it says nothing, or announces an answer that cannot be read", () => {
    expect(role.read(at(word), " \n")).toMatchObject({ kind: "unreadable", expected: "comment" })
    expect(role.read(at(word), "Final answer: none")).toMatchObject({
      kind: "unreadable",
      expected: "proposal"
    })
  })

  it("has to be an answer where no step may be taken", () => {
    const ending = at(word, ["Ann has 14."], ["answer"])
    expect(role.read(ending, "That makes 24.")).toMatchObject({
      kind: "proposal",
      answer: { canonical: "24" }
    })
    expect(role.read(ending, "Hm.")).toMatchObject({ kind: "unreadable", expected: "proposal" })
  })
})
