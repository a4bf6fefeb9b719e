import { expect, it } from "@effect/vitest"
import { type Game, graderFor, playEpisode, proposeReview, seedKey, type Task } from "@tracer-sdk/core"
import { type ScriptedCall, scriptedPolicy } from "@tracer-sdk/core/testing"
import { proposer, reviewer, simulatedPolicy } from "@tracer-sdk/roles"
import { Effect } from "effect"
import { describe } from "vitest"

const task: Task = { id: "t", question: "What is 2 + 3?", gold: "2 + 3 is 5.\n#### 5", dataset: "gsm8k" }
const protocol = proposeReview({ agents: ["ann", "bob"], rounds: 3, alwaysSpeak: true })
const game = (policies: Game<unknown>["policies"]) => ({
  protocol,
  roles: new Map([proposer(), reviewer()].map((role) => [role.name, role])),
  controllers: new Map(),
  policies,
  sampling: () => ({ temperature: 1, maxTokens: 64 }),
  grader: graderFor
})
const settings = { mode: "solve", strategy: "average", selection: "sample" } as const

describe("a dialogue of proposer and reviewer", () => {
  it.effect("tells the proposer what the reviewer said, and ends with the second answer", () =>
    Effect.gen(function* () {
      const script: ReadonlyArray<ScriptedCall> = [
        { agent: "ann", role: "proposer", asked: "Problem:\nWhat is 2 + 3?", say: "Final answer: 4" },
        { agent: "bob", role: "reviewer", asked: "Final answer: 4", say: "2 + 3 is 5.\nVerdict: WRONG" },
        { agent: "ann", asked: "- bob, WRONG: 2 + 3 is 5. Verdict: WRONG", say: "2 + 3 = 5\nFinal answer: 5" }
      ]
      const policy = scriptedPolicy(script)
      const policies = new Map([
        ["ann", policy],
        ["bob", policy]
      ])
      const episode = yield* playEpisode(game(policies), task, 0, seedKey(1), settings)
      yield* policy.finished
      expect(episode.correct).toBe(true)
      expect(episode.calls).toBe(3)
      expect(episode.transcript.map(({ reading }) => reading?.kind)).toEqual([
        "proposal",
        "verdict",
        "proposal"
      ])
    })
  )

  it.effect("is as good as the last proposal of simulated agents who always speak", () =>
    Effect.gen(function* () {
      const policy = simulatedPolicy({ right: 0, secondRight: 1, rightGivenRight: 1, rightGivenWrong: 0 })
      const policies = new Map([
        ["ann", policy],
        ["bob", policy]
      ])
      const episode = yield* playEpisode(game(policies), task, 0, seedKey(1), settings)
      expect(episode.transcript.map(({ text }) => text)).toEqual([
        "Final answer: 6",
        "Verdict: WRONG",
        "Final answer: 5"
      ])
      expect(episode.correct).toBe(true)
      expect([episode.promptTokens, episode.completionTokens]).toEqual([600, 180])
    })
  )
})
