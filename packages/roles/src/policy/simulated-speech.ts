import { type Grader, isRight, type TranscriptEntry, type View } from "@tracer-sdk/core"
import type { SimulatedAnswers } from "./simulated-answers.ts"
import type { SimulatedSkill, SimulatedSpeech } from "./simulated-skill.ts"

/** Texts that are equally likely, and how likely they are together. */
export interface Lot {
  readonly texts: ReadonlyArray<string>
  readonly probability: number
}

const unreadableText = "I cannot tell."

/** A view with what is known about its task. */
interface Sight extends View {
  readonly grader: Grader
  readonly answers: SimulatedAnswers
}

/** What the roles of this package read. */
const speechOfRole: Readonly<Record<string, SimulatedSpeech>> = {
  proposer: "proposal",
  debater: "proposal",
  refiner: "proposal",
  reviewer: "verdict",
  critic: "verdict",
  verifier: "score",
  selector: "choice",
  thinker: "step"
}

/** Whether the readable ones of two outcomes come up: the good one with this chance. */
const lots = (
  { unreadable }: SimulatedSkill,
  chance: number,
  good: ReadonlyArray<string>,
  bad: ReadonlyArray<string>,
  nothing = unreadableText
): ReadonlyArray<Lot> => [
  { texts: good, probability: (1 - unreadable) * chance },
  { texts: bad, probability: (1 - unreadable) * (1 - chance) },
  { texts: [nothing], probability: unreadable }
]

const slip = " has slip "
const isSlip = (step: string): boolean => step.includes(slip)

/** Whether what is to be judged is right: an answer by the truth, reasoning without one where no step has slipped. */
const isSound = ({ task, steps, pending, grader }: Sight): boolean =>
  steps === undefined || pending?.answer !== undefined
    ? isRight(task, grader, pending?.answer) === true
    : !steps.some(isSlip)

const judge = (skill: SimulatedSkill, sight: Sight, right: string, wrong: string): ReadonlyArray<Lot> =>
  lots(skill, isSound(sight) ? skill.rightGivenRight : skill.rightGivenWrong, [right], [wrong])

const rightVerdict = "Verdict: RIGHT"
const wrongVerdict = "Verdict: WRONG"

const propose = (skill: SimulatedSkill, { pending, answers }: Sight): ReadonlyArray<Lot> => {
  const chance = pending === undefined ? skill.right : (skill.secondRight ?? skill.right)
  return lots(skill, chance, [answers.right], answers.wrong)
}

const isAnswer = ({ text, reading }: TranscriptEntry): boolean =>
  text !== undefined && reading?.kind === "proposal"

/** What most of the proposals in sight say, of several alike the earliest; `undefined` where there are none. */
const mostSaid = ({ transcript, grader }: Sight): string | undefined => {
  const groups: Array<{ readonly first: TranscriptEntry; size: number }> = []
  for (const entry of transcript.filter(isAnswer)) {
    const { reading } = entry
    const same = groups.find(({ first }) => {
      if (first.reading?.kind !== "proposal" || reading?.kind !== "proposal") return false
      return grader.equal(first.reading.answer, reading.answer)
    })
    if (same === undefined) groups.push({ first: entry, size: 1 })
    else same.size += 1
  }
  const most = Math.max(...groups.map(({ size }) => size))
  return groups.find(({ size }) => size === most)?.first.text
}

/** Some of those who hear other answers take over the one that most of them gave. */
const swayed = (skill: SimulatedSkill, sight: Sight, own: ReadonlyArray<Lot>): ReadonlyArray<Lot> => {
  const theirs = skill.sway === 0 ? undefined : mostSaid(sight)
  if (theirs === undefined) return own
  const share = skill.sway * (1 - skill.unreadable)
  const left = 1 - skill.sway
  return [
    { texts: [theirs], probability: share },
    ...own.map((lot) =>
      lot.texts[0] === unreadableText ? lot : { ...lot, probability: lot.probability * left }
    )
  ]
}

/** The selector ends the dialogue as a reviewer would call its answer right, and otherwise names one of the others. */
const choose = (skill: SimulatedSkill, sight: Sight): ReadonlyArray<Lot> => {
  const { options = [], pending } = sight
  const named = options.filter((option) => option !== "end").map((option) => `Next: ${option}`)
  const end = options.includes("end") ? ["Next: end"] : []
  if (named.length === 0 || end.length === 0) {
    const either = [...named, ...end]
    return lots(skill, 1, either.length === 0 ? [unreadableText] : either, [])
  }
  const judged = isSound(sight) ? skill.rightGivenRight : skill.rightGivenWrong
  return lots(skill, pending === undefined ? 0 : judged, end, named)
}

/** A chain of `steps` and the answer is right where every link is; each is equally likely to be. */
const think = (skill: SimulatedSkill, { steps = [], options, answers }: Sight): ReadonlyArray<Lot> => {
  const { right, wrong } = answers
  const link = skill.right ** (1 / (skill.steps + 1))
  if (options?.includes("step") !== false && steps.length < skill.steps) {
    const number = steps.length + 1
    const slips = wrong.map((_, i) => `Step ${number}${slip}${i + 1}.`)
    return lots(skill, link, [`Step ${number} is right.`], slips, "")
  }
  const left = Math.max(1, skill.steps + 1 - steps.length)
  return lots(skill, steps.some(isSlip) ? 0 : link ** left, [right], wrong)
}

/** All that a simulated model may say in a role about a view; the probabilities sum to 1. */
export const lotsOf = (skill: SimulatedSkill, role: string, sight: Sight): ReadonlyArray<Lot> => {
  switch (skill.speech[role] ?? speechOfRole[role] ?? "proposal") {
    case "proposal": {
      const own = propose(skill, sight)
      return role === "debater" ? swayed(skill, sight, own) : own
    }
    case "verdict":
      return judge(skill, sight, rightVerdict, wrongVerdict)
    case "score":
      return judge(skill, sight, "Score: 0.9", "Score: 0.1")
    case "choice":
      return choose(skill, sight)
    case "step":
      return think(skill, sight)
  }
}
