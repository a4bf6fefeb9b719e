import type { CreditedTurn } from "@tracer-sdk/core"

const asked = (user: string) => [
  { role: "system" as const, content: "Solve." },
  { role: "user" as const, content: user }
]
const apples = {
  ...{
    episode: 0,
    task: "apples",
    question: "Mia has 3 bags with 4 apples each and loses 2. How many are left?"
  }
}
const stamps = { ...{ episode: 1, task: "stamps", question: "Was kosten 5 Briefmarken zu 80 ¢?" } }
const ada = { agent: "ada", seat: "proposer", role: "proposer" }
const bob = { agent: "bob", seat: "reviewer", role: "reviewer" }

/** Two small dialogues with all that a layout has to cope with: quotes, line ends, other scripts, twins, ties. */
export const creditedTurns: ReadonlyArray<CreditedTurn> = [
  {
    ...{ ...apples, round: 1, ...ada, prompt: asked(apples.question) },
    texts: ["3*4=12.\nFinal answer: 12", "12-2=10.\nFinal answer: 10", "Final answer: 10", 'I "pass".'],
    rewards: [-1, 1, 1, -1]
  },
  {
    ...{ ...apples, round: 2, ...bob, prompt: asked(`${apples.question}\nProposed: 12`) },
    texts: ["12-2=10. 10-12=-2.\nVerdict: WRONG", "Verdict: RIGHT", "Verdict: WRONG", "?"],
    rewards: [0.5, -0.5, 0.5, 0]
  },
  {
    ...{ ...apples, round: 3, ...ada, prompt: asked(`${apples.question}\nEarlier answer: 12 (WRONG)`) },
    texts: ["Final answer: 10", "Final answer: 10", "Final answer: 10", "Final answer: 10"],
    rewards: [1, 1, 1, 1]
  },
  {
    ...{ ...stamps, round: 1, ...ada, prompt: asked(stamps.question) },
    texts: ["5·80 = 400 ¢ = 4,00 €", "𝟜 €", "", "4 €"],
    rewards: [0.25, 0.75, -1, 0]
  }
]
