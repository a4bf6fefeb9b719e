import type {
  Answer,
  Completion,
  Controller,
  Game,
  GenerateRequest,
  Grader,
  Policy,
  PolicyError,
  Protocol,
  Role,
  Strategy,
  Task,
  View
} from "@tracer-sdk/core"
import { proposeReview } from "@tracer-sdk/core"
import { Effect } from "effect"

const answer = (text: string): Answer => ({ text, canonical: text })

/** Whole words are answers. */
export const wordGrader: Grader = {
  name: "word",
  read: (text) =>
    /^\w+$/.test(text)
      ? { kind: "answer", answer: answer(text) }
      : { kind: "unreadable", reason: "not one word" },
  gold: (text) => ({ kind: "answer", answer: answer(text) }),
  equal: (a, b) => a.canonical === b.canonical
}

const prompt = (view: View) => ({ messages: [{ role: "user" as const, content: view.task.question }] })

export const wordProposer: Role = {
  name: "proposer",
  prompt,
  read: (_, text) => {
    const read = wordGrader.read(text)
    return read.kind === "answer"
      ? { kind: "proposal", answer: read.answer }
      : { kind: "unreadable", expected: "proposal", reason: read.reason }
  }
}

export const wordReviewer: Role = {
  name: "reviewer",
  prompt,
  read: (_, text) =>
    text === "right" || text === "wrong"
      ? { kind: "verdict", verdict: text }
      : { kind: "unreadable", expected: "verdict", reason: "no verdict" }
}

/** A policy that says what `say` says; `calls` counts its calls. */
export const talker = (
  say: (request: GenerateRequest, sample: number) => string,
  wrap: (
    completions: ReadonlyArray<Completion>
  ) => Effect.Effect<ReadonlyArray<Completion>, PolicyError> = Effect.succeed
): Policy & { readonly calls: () => number } => {
  let calls = 0
  return {
    name: "talker",
    calls: () => calls,
    generate: (request) => {
      calls += 1
      return wrap(
        Array.from({ length: request.samples }, (_, i) => ({
          text: say(request, i),
          usage: { prompt: 10, completion: 5 },
          finish: "stop" as const
        }))
      )
    }
  }
}

/** A controller that always plays one strategy by information state, and remembers what it was taught. */
export const teachable = (
  strategy: (info: string, actions: ReadonlyArray<string>) => Strategy
): Controller & { readonly lessons: Array<{ info: string; values: ReadonlyArray<number> }> } => {
  const lessons: Array<{ info: string; values: ReadonlyArray<number> }> = []
  return {
    name: "teachable",
    lessons,
    strategy: (info, legal) => strategy(info, legal.names),
    update: (info, _, values) => void lessons.push({ info, values }),
    snapshot: () => ({ kind: "teachable", version: 1, state: null })
  }
}

/** Always the action of that name, where it is legal. */
export const always =
  (...names: ReadonlyArray<string>) =>
  (_: string, actions: ReadonlyArray<string>): Strategy =>
    actions.map((action) => (names.includes(action) ? 1 : 0))

/** Ada proposes, Bob reviews. */
export const duel = (options: {
  readonly policy: Policy
  readonly ada?: Controller
  readonly bob?: Controller
  readonly rounds?: number
  readonly protocol?: Protocol<unknown>
}): Game<unknown> => ({
  protocol: options.protocol ?? proposeReview({ agents: ["ada", "bob"], rounds: options.rounds ?? 5 }),
  roles: new Map([
    ["proposer", wordProposer],
    ["reviewer", wordReviewer]
  ]),
  controllers: new Map([
    ["ada.proposer", options.ada ?? teachable(always("keep"))],
    ["bob.reviewer", options.bob ?? teachable(always("review"))]
  ]),
  policies: new Map([
    ["ada", options.policy],
    ["bob", options.policy]
  ]),
  sampling: () => ({ temperature: 1, maxTokens: 16 }),
  grader: () => wordGrader
})

export const task: Task = { id: "t", question: "Which word?", gold: "yes" }
