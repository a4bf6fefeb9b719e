import { Effect } from "effect"
import type {
  CreditAssigner,
  DecisionPoint,
  Dialogue,
  Forks,
  Utterance,
  UtteranceGroup
} from "../../credit.ts"
import type { SeatTurn } from "../../protocol.ts"
import { graderFor } from "../../task/grader-for.ts"
import type { Task } from "../../task.ts"
import type { Reading, View } from "../../transcript.ts"
import { type ConformanceCheck, demand, demandSame, requirement } from "./check.ts"

const task: Task = { id: "t", question: "What is 2 + 3?", gold: "5" }
const grader = graderFor(task)

const utterance = (text: string, reading: Reading): Utterance => ({
  completion: { text, usage: { prompt: 20, completion: 5 }, finish: "stop" },
  reading
})
const proposals: ReadonlyArray<Utterance> = [
  utterance("5", { kind: "proposal", answer: { text: "5", canonical: "5" } }),
  utterance("4", { kind: "proposal", answer: { text: "4", canonical: "4" } }),
  utterance("?", { kind: "unreadable", expected: "proposal", reason: "no number" })
]
const reviews: ReadonlyArray<Utterance> = [
  utterance("RIGHT", { kind: "verdict", verdict: "right" }),
  utterance("WRONG", { kind: "verdict", verdict: "wrong" }),
  utterance("?", { kind: "unreadable", expected: "verdict", reason: "no verdict" }),
  utterance("Hm.", { kind: "comment" })
]
const views: ReadonlyArray<View> = [
  { task, transcript: [], pending: { text: "5", answer: { text: "5", canonical: "5" } } },
  { task, transcript: [], pending: { text: "4", answer: { text: "4", canonical: "4" } } },
  { task, transcript: [], pending: { text: "?" } }
]

const turnOf = (seat: string, silent: string, spoken: string): SeatTurn => ({
  kind: "seat",
  round: 2,
  seat: { name: seat, agent: "ann", controller: `ann.${seat}` },
  actions: [{ name: silent }, { name: spoken, role: seat }],
  fallback: silent
})

const decisions = views.flatMap((view) =>
  [
    { turn: turnOf("proposer", "keep", "propose"), spoken: proposals },
    { turn: turnOf("reviewer", "skip", "review"), spoken: reviews }
  ].map(({ turn, spoken }): { readonly point: DecisionPoint; readonly forks: Forks } => {
    const silent = (action: string) => turn.actions.find(({ name }) => name === action)?.role === undefined
    return {
      point: {
        episode: 0,
        task,
        grader,
        turn,
        info: "s",
        legal: { names: turn.actions.map(({ name }) => name), fallback: turn.fallback },
        strategy: [0.5, 0.5],
        played: turn.actions[1]?.name ?? "",
        view
      },
      forks: {
        utterances: (action) => Effect.succeed(silent(action) ? [] : spoken),
        outcomes: (action) =>
          Effect.succeed(
            silent(action)
              ? [{ correct: true, tokens: 0 }]
              : spoken.map((_, i) => ({ correct: i % 2 === 0, tokens: 25 }))
          )
      }
    }
  })
)

const groups: ReadonlyArray<UtteranceGroup> = views.flatMap((view, episode) =>
  [
    { seat: "proposer", utterances: proposals },
    { seat: "reviewer", utterances: reviews }
  ].map(({ seat, utterances }) => ({
    episode,
    agent: "ann",
    seat,
    role: seat,
    round: 2,
    task,
    grader,
    view,
    prompt: { messages: [{ role: "user" as const, content: task.question }] },
    sampling: { temperature: 1, maxTokens: 100 },
    utterances
  }))
)

/** The dialogue that a batch's groups of one episode were drawn in: each group's first utterance was spoken. */
const dialogueOf = (episode: number, batch: ReadonlyArray<UtteranceGroup>): Dialogue => {
  const turns = batch
    .filter((group) => group.episode === episode)
    .map(({ seat, view, utterances: [utterance] }, i) => ({
      turn: { ...turnOf(seat, "skip", "speak"), round: i + 1 },
      info: "s",
      action: "speak",
      view,
      ...(utterance === undefined ? {} : { utterance })
    }))
  const outcome = { correct: episode === 0, tokens: 25 * turns.length }
  return {
    episode,
    task,
    grader,
    answer: views[episode]?.pending?.answer,
    outcome,
    turns,
    transcript: [],
    continuations: ({ utterances }) =>
      Effect.succeed(
        utterances.map((_, i) => ({
          correct: i % 2 === 0,
          tokens: 25,
          steps: [[undefined], [{ kind: "verdict", verdict: i % 2 === 0 ? "right" : "wrong" }]]
        }))
      ),
    replay: (heard) => {
      const kept = turns.filter(heard)
      return Effect.succeed({
        correct: outcome.correct && kept.some(({ turn }) => turn.seat.name === "proposer"),
        tokens: 25 * kept.length
      })
    }
  }
}

/** What every credit assigner has to do, shown on propose-review decisions and groups of all readings. */
export const creditConformance = (credit: CreditAssigner): ReadonlyArray<ConformanceCheck> => {
  const valuesOf = () =>
    Effect.runPromise(Effect.all(decisions.map(({ point, forks }) => credit.decision(point, forks))))
  const creditsOf = (batch: ReadonlyArray<UtteranceGroup>) => {
    const episodes = new Set(batch.map(({ episode }) => episode))
    const dialogues = new Map([...episodes].map((episode) => [episode, dialogueOf(episode, batch)]))
    return Effect.runPromise(credit.utterances(batch, dialogues))
  }
  return [
    requirement("values every legal action of a decision, with a finite number", async () => {
      for (const [i, values] of (await valuesOf()).entries()) {
        const { names } = decisions[i]?.point.legal ?? { names: [] }
        demand(
          values.length === names.length && values.every(Number.isFinite),
          `The values of [${names.join(", ")}] are [${values.join(", ")}].`
        )
      }
    }),
    requirement("credits every utterance of every group, in order", async () => {
      const credits = await creditsOf(groups)
      demand(credits.length === groups.length, `${credits.length} credits for ${groups.length} groups.`)
      for (const [i, { rewards, tokenRewards, weight }] of credits.entries()) {
        const spoken = groups[i]?.utterances.length ?? 0
        demand(
          rewards.length === spoken && rewards.every(Number.isFinite),
          `The rewards of ${spoken} utterances are [${rewards.join(", ")}].`
        )
        demand(
          tokenRewards === undefined ||
            (tokenRewards.length === spoken && tokenRewards.flat().every(Number.isFinite)),
          `There are ${tokenRewards?.length} lists of rewards by token for ${spoken} utterances, or one is not finite.`
        )
        demand(Number.isFinite(weight) && weight >= 0, `A group's weight is ${weight}.`)
      }
    }),
    requirement("has nothing to say about an empty batch", async () => {
      demandSame(await creditsOf([]), [], "The credits of no groups")
    }),
    requirement("gives the same credits for the same batch", async () => {
      demandSame(await valuesOf(), await valuesOf(), "Values")
      demandSame(await creditsOf(groups), await creditsOf(groups), "Credits")
    })
  ]
}
