import { describe, expect, it } from "@effect/vitest"
import { type CreditAssigner, playEpisode, seedKey, tracerCredit, train } from "@tracer-sdk/core"
import { Effect } from "effect"
import { always, duel, talker, task, teachable } from "./duel.ts"

const decisionsWith = (credit: CreditAssigner, verdict: string, proposal = "no") =>
  Effect.map(
    playEpisode(
      duel({
        rounds: 2,
        policy: talker(({ role }) => (role === "proposer" ? proposal : verdict)),
        bob: teachable(always("review"))
      }),
      task,
      0,
      seedKey(3),
      {
        mode: "train",
        strategy: "current",
        selection: "sample",
        training: { credit, groupSize: 2, forkSamples: 2 }
      }
    ),
    ({ decisions, groups }) => ({ values: decisions[0]?.values, groups })
  )

describe("one-step values", () => {
  const credit = tracerCredit({ values: "oneStep" })
  it.effect.each([
    // pending, verdict, value of skip, value of review
    ["no", "wrong", -1, 1],
    ["no", "right", -1, -1],
    ["yes", "right", 1, 1],
    ["yes", "wrong", 1, -1],
    ["yes", "hm", 1, 0],
    ["not one word", "wrong", -1, 1]
  ] as const)("pending %s, verdict %s: skip %d, review %d", ([pending, verdict, skip, review]) =>
    Effect.gen(function* () {
      const { values } = yield* decisionsWith(credit, verdict, pending)
      expect(values).toEqual([skip, review])
    })
  )
})

describe("continuation values", () => {
  it.effect("of a verdict that nobody can act on differ by its tokens alone", () =>
    Effect.gen(function* () {
      const { values } = yield* decisionsWith(tracerCredit({ tokenCost: 2 }), "wrong")
      expect(values?.[0]).toBe(-1)
      expect(values?.[1]).toBeCloseTo(-1 - (2 * 15) / 1000, 12)
    })
  )
})

/** The role's own truth asks nothing of the dialogue. */
const noDialogues = new Map<number, never>()

describe("utterance rewards", () => {
  it.effect("are the role's own truth: +1, -1, and 0 for an unreadable verdict", () =>
    Effect.gen(function* () {
      const credit = tracerCredit({ balanced: false })
      const { groups } = yield* decisionsWith(credit, "wrong")
      expect((yield* credit.utterances(groups, noDialogues)).map(({ rewards }) => rewards)).toEqual([
        [-1, -1],
        [1, 1]
      ])
      const unreadable = yield* decisionsWith(credit, "hm", "two words")
      expect(
        (yield* credit.utterances(unreadable.groups, noDialogues)).map(({ rewards }) => rewards)
      ).toEqual([
        [-1, -1],
        [0, 0]
      ])
    })
  )

  it.effect("charge a review without a verdict what the configuration says", () =>
    Effect.gen(function* () {
      const credit = tracerCredit({ unreadableVerdict: -1 })
      const { groups } = yield* decisionsWith(credit, "hm", "yes")
      const [, review] = yield* credit.utterances(groups, noDialogues)
      // A batch of right answers alone: weight 1/2.
      expect(review).toEqual({ rewards: [-0.5, -0.5], weight: 0.5 })
    })
  )

  it.effect("balanced by class, a constant verdict earns nothing on average", () =>
    Effect.gen(function* () {
      const credit = tracerCredit()
      const right = (yield* decisionsWith(credit, "right", "yes")).groups
      const wrong = (yield* decisionsWith(credit, "right", "no")).groups
      // Three of four pending answers are right, so they weigh 4/6 each, and the wrong one 4/2.
      const credits = yield* credit.utterances([...right, ...right, ...right, ...wrong], noDialogues)
      const reviews = credits.filter((_, i) => i % 2 === 1)
      expect(reviews.map(({ weight }) => weight)).toEqual([2 / 3, 2 / 3, 2 / 3, 2])
      expect(reviews.flatMap(({ rewards }) => rewards).reduce((a, b) => a + b)).toBeCloseTo(0, 12)
    })
  )
})

describe("train", () => {
  const tasks = Array.from({ length: 12 }, (_, i) => ({ ...task, id: String(i) }))
  const run = (concurrency: number, delayed: boolean) =>
    Effect.gen(function* () {
      const lessons: Array<string> = []
      const listen = (name: string) => {
        const controller = teachable((_, actions) => actions.map(() => 1 / actions.length))
        return {
          ...controller,
          update: (info: string, _: unknown, values: ReadonlyArray<number>) =>
            void lessons.push(`${name} ${info} ${values.join(" ")}`)
        }
      }
      const events: Array<unknown> = []
      const policy = talker(
        ({ seed, role }, i) =>
          role === "proposer"
            ? (seed + i) % 3 === 0
              ? "yes"
              : "no"
            : (seed + i) % 2 === 0
              ? "right"
              : "wrong",
        (completions) =>
          delayed
            ? Effect.delay(Effect.succeed(completions), `${(completions[0]?.text.length ?? 0) * 3} millis`)
            : Effect.succeed(completions)
      )
      yield* train(duel({ policy, ada: listen("ada"), bob: listen("bob") }), tasks, {
        seed: 5,
        credit: tracerCredit(),
        batchSize: 5,
        epochs: 1,
        concurrency,
        groupSize: 2,
        forkSamples: 2,
        emit: (event) => events.push(event)
      })
      return { lessons, events }
    })

  it.live("gives the same lessons and events whatever the concurrency and the delays", () =>
    Effect.gen(function* () {
      const atOnce = yield* run(1, false)
      const delayed = yield* run(4, true)
      expect(atOnce.lessons.length).toBe(12 * 4)
      expect(delayed.lessons).toEqual(atOnce.lessons)
      expect(delayed.events).toEqual(atOnce.events)
    })
  )
})
