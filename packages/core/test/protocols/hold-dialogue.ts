import {
  type Controller,
  type Game,
  graderFor,
  type Policy,
  type Protocol,
  playEpisode,
  type Reading,
  type Role,
  seedKey,
  type Task
} from "@tracer-sdk/core"
import { type ScriptedCall, scriptedPolicy } from "@tracer-sdk/core/testing"
import { Effect } from "effect"

export const task: Task = { id: "t", question: "What is 2 + 3?", gold: "5" }

/** Understands a number as a proposal, RIGHT and WRONG, `0.8!` as a score and `> name` as a choice. */
const read = (text: string, expected: "proposal" | "verdict" | "score" | "choice"): Reading => {
  if (text === "RIGHT" || text === "WRONG") {
    return { kind: "verdict", verdict: text === "RIGHT" ? "right" : "wrong" }
  }
  if (text.startsWith("> ")) return { kind: "choice", choice: text.slice(2) }
  if (/^[\d.]+!$/.test(text)) return { kind: "score", score: Number(text.slice(0, -1)) }
  const answer = graderFor(task).read(text)
  return answer.kind === "answer"
    ? { kind: "proposal", answer: answer.answer }
    : { kind: "unreadable", expected, reason: "nothing in it" }
}

const meant = new Map<string, "verdict" | "score" | "choice">([
  ["reviewer", "verdict"],
  ["critic", "verdict"],
  ["verifier", "score"],
  ["selector", "choice"]
])

/** Asks with what it sees: the pending answer, what was said so far, and the options. */
const roleOf = (name: string): Role => ({
  name,
  prompt: ({ pending, transcript, options = [] }) => {
    const heard = transcript.map(({ agent, text = "-" }) => `${agent} ${text}`).join(", ")
    const content = `pending ${pending?.text ?? "none"}; heard ${heard}; options ${options.join(" ")}`
    return { messages: [{ role: "user", content }] }
  },
  read: (_, text) => read(text, meant.get(name) ?? "proposal")
})

/** Takes the action that is listed for an information state of a controller, as `ann.proposer vote=0`; else the fallback. */
const controllerOf = (
  name: string,
  decide: Readonly<Record<string, string>>,
  seen: Array<string>
): Controller => ({
  name,
  strategy: (info, { names, fallback }) => {
    seen.push(`${name} ${info}`)
    const action = decide[`${name} ${info}`] ?? fallback
    return names.map((legal) => (legal === action ? 1 : 0))
  },
  update: () => {},
  snapshot: () => ({ kind: "listed", version: 1, state: null })
})

/** A dialogue as the protocol lets it be held between models that follow a script. */
export const hold = <S>(
  protocol: Protocol<S>,
  script: ReadonlyArray<string | ScriptedCall>,
  { decide = {}, episode = 0 }: { decide?: Readonly<Record<string, string>>; episode?: number } = {}
) =>
  Effect.gen(function* () {
    const policy = scriptedPolicy(script)
    const seen: Array<string> = []
    const game: Game<S> = {
      protocol,
      roles: new Map((protocol.roles ?? []).map((role) => [role, roleOf(role)])),
      controllers: new Map(
        protocol.seats.map(({ controller }) => [controller, controllerOf(controller, decide, seen)])
      ),
      policies: new Map<string, Policy>(protocol.seats.map(({ agent }) => [agent, policy])),
      sampling: () => ({ temperature: 1, maxTokens: 16 }),
      grader: graderFor
    }
    const settings = { mode: "evaluate", strategy: "average", selection: "greedy" } as const
    const played = yield* playEpisode(game, task, episode, seedKey(1), settings)
    yield* policy.finished
    return {
      answer: played.answer?.canonical,
      /** Every turn, as `round agent.seat text`, or its action where it was silent. */
      turns: played.transcript.map(
        ({ round, agent, seat, text, action }) => `${round} ${agent}.${seat} ${text ?? action}`
      ),
      /** The information states in which somebody had a choice, in their order. */
      seen,
      about: played.transcript.map(({ about }) => about)
    }
  })
