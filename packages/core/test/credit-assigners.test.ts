import { describe, expect, it } from "@effect/vitest"
import {
  type CreditAssigner,
  corePlugins,
  createRegistry,
  discountedVerifierCredit,
  type Episode,
  type Game,
  type LegalActions,
  leaveOneOutCredit,
  llmJudgeCredit,
  type Policy,
  type Protocol,
  playEpisode,
  proposeReview,
  type SeatTurn,
  type StrategyMode,
  seedKey,
  shapleyCredit,
  sharedOutcomeCredit,
  speakerWorths,
  tracerCredit,
  train,
  type UtteranceCredit
} from "@tracer-sdk/core"
import { Effect, Logger } from "effect"
import fc from "fast-check"
import { always, duel, talker, task, teachable } from "./duel.ts"

const play = (game: Game<unknown>, credit: CreditAssigner, samples = 2, seed = 1) =>
  playEpisode(game, task, 0, seedKey(seed), {
    mode: "train",
    strategy: "current",
    selection: "sample",
    training: { credit, groupSize: samples, forkSamples: samples }
  })

const creditsOf = ({ groups, dialogue }: Episode, credit: CreditAssigner) =>
  credit.utterances(groups, new Map([[0, dialogue]]))

/** The rewards of a dialogue's groups, in the order of its spoken turns. */
const rewardsIn = (game: Game<unknown>, credit: CreditAssigner, samples = 2) =>
  Effect.gen(function* () {
    const episode = yield* play(game, credit, samples)
    return (yield* creditsOf(episode, credit)).map(({ rewards }) => rewards)
  })

const expectClose = (
  actual: ReadonlyArray<number> | undefined,
  expected: ReadonlyArray<number>,
  digits = 12
) => {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(actual?.[i]).toBeCloseTo(value, digits)
}

const proposing = teachable(always("propose"))
const silent = teachable(always("skip"))
const sampling = teachable((_, actions) => actions.map(() => 1 / actions.length))
/** Dialogues of every kind: draws decide who says what. */
const erratic = () =>
  talker(({ role, seed }, i) => {
    const options = role === "proposer" ? ["yes", "no", "two words"] : ["right", "wrong", "hm"]
    return options[(seed + i) % 3] ?? ""
  })
const erraticGame = (rounds: number, ada = sampling, bob = sampling) =>
  duel({ protocol: proposeReview({ agents: ["ada", "bob"], rounds }), policy: erratic(), ada, bob })
const dialogues = fc.record({ rounds: fc.integer({ min: 1, max: 6 }), seed: fc.nat() })

describe("leave-one-out", () => {
  it.effect("is each return less the mean of the others", () =>
    Effect.gen(function* () {
      const policy = talker((_, i) => ["no", "yes", "yes", "no"][i] ?? "no")
      const game = duel({ rounds: 1, policy })
      // Returns -1, 1, 1, -1: the others' means are 1/3, -1/3, -1/3, 1/3.
      const [free] = yield* rewardsIn(game, leaveOneOutCredit({ tokenCost: 0 }), 4)
      expectClose(free, [-4 / 3, 4 / 3, 4 / 3, -4 / 3])
      // Fifteen tokens each cost all the same, which is to nobody's credit.
      const [priced] = yield* rewardsIn(game, leaveOneOutCredit({ tokenCost: 2 }), 4)
      expectClose(priced, [-4 / 3, 4 / 3, 4 / 3, -4 / 3])
    })
  )

  it("of a speaker is 0 where the dialogue ends the same whatever it says", () => {
    const credit = leaveOneOutCredit({ tokenCost: 0 })
    fc.assert(
      fc.property(dialogues, fc.integer({ min: 2, max: 5 }), ({ rounds, seed }, samples) => {
        // Ada keeps her first answer for good, so Bob's reviews change nothing.
        const game = erraticGame(rounds, teachable(always("keep")))
        const episode = Effect.runSync(play(game, credit, samples, seed))
        const credits = Effect.runSync(creditsOf(episode, credit))
        for (const [i, { role, utterances }] of episode.groups.entries()) {
          if (role === "reviewer") expect(credits[i]?.rewards).toEqual(utterances.map(() => 0))
        }
      })
    )
  })

  it("sums to 0 over a group", () => {
    const credit = leaveOneOutCredit()
    fc.assert(
      fc.property(dialogues, ({ rounds, seed }) => {
        const episode = Effect.runSync(play(erraticGame(rounds), credit, 3, seed))
        for (const { rewards } of Effect.runSync(creditsOf(episode, credit))) {
          expect(rewards.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 10)
        }
      })
    )
  })
})

/** All propose together, `rounds` times, and then hear of it; two readable answers alike are the answer. */
const ballot = (count: number, rounds: number): Protocol<ReadonlyArray<string>> => {
  const turns = Array.from({ length: count * rounds }, (_, i): SeatTurn => {
    const agent = `voter${i % count}`
    const seat = { name: "proposer", agent, controller: `${agent}.proposer` }
    const actions = [{ name: "propose", role: "proposer" }]
    return { kind: "seat", round: i + 1, seat, actions, fallback: "propose" }
  })
  const heard = (said: ReadonlyArray<string>) => Math.floor(said.length / count) * count
  return {
    name: "ballot",
    seats: turns.slice(0, count).map(({ seat }) => seat),
    start: () => [],
    turn: (said) => turns[said.length],
    together: (said) => turns.slice(said.length, heard(said) + count),
    observe: () => "booth",
    view: (said) => ({
      task,
      transcript: said.slice(0, heard(said)).map((text, i) => ({
        ...{ round: i + 1, agent: `voter${i % count}`, seat: "proposer", action: "propose", text }
      }))
    }),
    apply: (said, _turn, { utterance }) => [
      ...said,
      utterance?.reading.kind === "proposal" ? utterance.reading.answer.canonical : ""
    ],
    answer: (said) => {
      const winner = said.find((text, i) => text !== "" && said.indexOf(text, i + 1) > i)
      return winner === undefined ? undefined : { text: winner, canonical: winner }
    }
  }
}
const ballotGame = (count: number, policy: Policy, rounds = 1): Game<unknown> => ({
  ...duel({ policy, protocol: ballot(count, rounds) }),
  policies: new Map(Array.from({ length: count }, (_, i) => [`voter${i}`, policy]))
})

describe("Shapley values", () => {
  it.effect("of three voters, two of whom have to agree, are a third of what all are worth", () =>
    Effect.gen(function* () {
      const credit = shapleyCredit({ tokenCost: 0 })
      const { dialogue } = yield* play(
        ballotGame(
          3,
          talker(() => "yes")
        ),
        credit
      )
      expectClose(
        (yield* speakerWorths(dialogue, { tokenCost: 0 })).map(({ value }) => value),
        [2 / 3, 2 / 3, 2 / 3]
      )
      // Each spends 15 tokens, which cost 0.03.
      expectClose(
        (yield* speakerWorths(dialogue, { tokenCost: 2 })).map(({ value }) => value),
        [2 / 3 - 0.03, 2 / 3 - 0.03, 2 / 3 - 0.03]
      )
    })
  )

  it.effect("give the candidates that were not spoken what would have become of the dialogue", () =>
    Effect.gen(function* () {
      // The first voters agree on "yes"; the third's first candidate is "no", its second "yes".
      const policy = talker(({ agent }, i) => (agent === "voter2" && i === 0 ? "no" : "yes"))
      const rewards = yield* rewardsIn(ballotGame(3, policy), shapleyCredit({ tokenCost: 0 }))
      // With "no", "yes", "yes" only the two who agree are worth something: half of 2 each.
      expectClose(rewards[0], [1, 1])
      expectClose(rewards[1], [1, 1])
      expectClose(rewards[2], [0, 0])

      // Now Ada's second proposal of two is what saves the dialogue; its candidates are right and wrong.
      const ada = talker(({ prompt: _, view }, i) => (view.transcript.length === 0 || i === 1 ? "no" : "yes"))
      const duet = duel({ rounds: 3, policy: ada, ada: proposing, bob: silent })
      // Ada alone is worth 2, shared out over her two turns; after "no" in place of "yes" the dialogue ends 2 worse. In round 1 both
      // candidates say "no", and Ada's next word is then "yes".
      expect(yield* rewardsIn(duet, shapleyCredit({ tokenCost: 0 }))).toEqual([
        [1, 1],
        [1, -1]
      ])
    })
  )

  it("of a dialogue sum to what all are worth less nobody, and so do the spoken utterances' rewards", () => {
    const credit = shapleyCredit()
    fc.assert(
      fc.property(dialogues, ({ rounds, seed }) => {
        const episode = Effect.runSync(play(erraticGame(rounds), credit, 2, seed))
        const { dialogue } = episode
        const worth = ({ correct, tokens }: typeof dialogue.outcome) =>
          (correct ? 1 : -1) - (0.1 * tokens) / 1000
        const total = worth(dialogue.outcome) - worth(Effect.runSync(dialogue.replay(() => false, "frozen")))
        const values = Effect.runSync(speakerWorths(dialogue))
        expect(values.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(total, 10)
        const spoken = Effect.runSync(creditsOf(episode, credit)).map(({ rewards }) => rewards[0] ?? 0)
        expect(spoken.reduce((a, b) => a + b, 0)).toBeCloseTo(total, 10)
      })
    )
  })

  it("of a silent seat is 0, exactly", () => {
    fc.assert(
      fc.property(dialogues, ({ rounds, seed }) => {
        const { dialogue } = Effect.runSync(
          play(erraticGame(rounds, sampling, silent), shapleyCredit(), 2, seed)
        )
        const bob = Effect.runSync(speakerWorths(dialogue)).find(({ agent }) => agent === "bob")
        if (rounds > 1) expect(bob).toEqual({ agent: "bob", seat: "reviewer", spoke: 0, value: 0 })
      })
    )
  })

  it.effect("of more than eight speakers are sampled, and still sum to the whole", () =>
    Effect.gen(function* () {
      const { dialogue } = yield* play(
        ballotGame(
          10,
          talker(() => "yes")
        ),
        shapleyCredit()
      )
      const options = { tokenCost: 0, permutations: 16 }
      const values = yield* speakerWorths(dialogue, options)
      expect(values).toHaveLength(10)
      expect(values.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(2, 12)
      expect(yield* speakerWorths(dialogue, options)).toEqual(values)
      // Of ten in an order, the second to speak makes the difference: exact values are 2/10 each.
      const exact = yield* speakerWorths(dialogue, { tokenCost: 0, exactUpTo: 10 })
      for (const { value } of exact) expect(value).toBeCloseTo(0.2, 12)
    })
  )

  it.effect("anew, count what is said only because of what was said before", () =>
    Effect.gen(function* () {
      // Ada proposes again after a verdict of "wrong", and is then right.
      const ada = teachable((info, actions) =>
        actions.map((name) => ((name === "propose") === info.startsWith("vote=-1") ? 1 : 0))
      )
      const policy = talker(({ role, view }) =>
        role === "reviewer" ? "wrong" : view.transcript.length === 0 ? "no" : "yes"
      )
      const { dialogue } = yield* play(duel({ rounds: 3, policy, ada }), shapleyCredit())
      const valuesOf = (how: "frozen" | "anew") =>
        Effect.map(speakerWorths(dialogue, { how, tokenCost: 0 }), (worths) =>
          worths.map(({ value }) => value)
        )
      expect(yield* valuesOf("frozen")).toEqual([2, 0])
      // Alone neither gets anywhere; together they do.
      expect(yield* valuesOf("anew")).toEqual([1, 1])
    })
  )
})

describe("shared outcome", () => {
  it("is the dialogue's end for every spoken utterance, and its continuation's for every other", () => {
    const credit = sharedOutcomeCredit()
    fc.assert(
      fc.property(dialogues, ({ rounds, seed }) => {
        const episode = Effect.runSync(play(erraticGame(rounds), credit, 3, seed))
        const end = episode.correct ? 1 : -1
        for (const [i, { rewards, weight }] of Effect.runSync(creditsOf(episode, credit)).entries()) {
          const group = episode.groups[i]
          const played = group === undefined ? [] : Effect.runSync(episode.dialogue.continuations(group))
          expect(rewards).toEqual([end, ...played.slice(1).map(({ correct }) => (correct ? 1 : -1))])
          expect(weight).toBe(1)
        }
      })
    )
  })
})

describe("continuations", () => {
  it.effect("follow the strategies that the dialogue is played with", () =>
    Effect.gen(function* () {
      // Ada has come to keep her "yes" on average, but would now say "no" in its place.
      const keeping = {
        ...proposing,
        strategy: (_: string, { names }: LegalActions, mode: StrategyMode) =>
          names.map((name) => ((name === "keep") === (mode === "average") ? 1 : 0))
      }
      const policy = talker(({ view }) => (view.transcript.length === 0 ? "yes" : "no"))
      const settings = { groupSize: 2, forkSamples: 2, credit: sharedOutcomeCredit() }
      const ends = (strategy: StrategyMode) =>
        Effect.gen(function* () {
          const game = duel({ rounds: 3, policy, ada: keeping, bob: silent })
          const episode = yield* playEpisode(game, task, 0, seedKey(1), {
            ...{ mode: "train", strategy, selection: "sample", training: settings }
          })
          const [first] = yield* creditsOf(episode, settings.credit)
          return first?.rewards
        })
      expect(yield* ends("average")).toEqual([1, 1])
      expect(yield* ends("current")).toEqual([-1, -1])
    })
  )
})

describe("discounted verifier", () => {
  /** Ada says "no", Bob "wrong", Ada "yes", Bob "right"; the second candidates say the opposite. */
  const conversation = duel({
    rounds: 4,
    policy: talker(({ view }, i) => {
      const said = ["no", "wrong", "yes", "right"][view.transcript.length] ?? ""
      const opposite: Readonly<Record<string, string>> = {
        no: "yes",
        yes: "no",
        right: "wrong",
        wrong: "right"
      }
      return i === 0 ? said : (opposite[said] ?? "")
    }),
    ada: proposing
  })

  it.effect("is the discounted mean of the truth after each turn, from the utterance's own on", () =>
    Effect.gen(function* () {
      const rewards = yield* rewardsIn(conversation, discountedVerifierCredit({ gamma: 0.5 }))
      // Truths from round 1 on: -1, -1, 1, 1; weights 1, 1/2, 1/4, 1/8. Its other candidate starts with 1, and then goes on
      // with "wrong" (1), "yes" (1) and "right" (1).
      expectClose(rewards[0], [-1.125 / 1.875, 1])
      expectClose(rewards[1], [-0.25 / 1.75, -0.25 / 1.75])
      expectClose(rewards[2], [1, -1])
      expectClose(rewards[3], [1, 1])
    })
  )

  it.effect("counts those who speak at the same time as one step, and not for each other", () =>
    Effect.gen(function* () {
      // First one says "yes" and the other "no", then both "yes"; the second candidates say the opposite.
      const policy = talker(({ agent, view }, i) => {
        const isRight = agent === "voter0" || view.transcript.length > 0
        return isRight === (i === 0) ? "yes" : "no"
      })
      const debate = ballotGame(2, policy, 2)
      const rewards = yield* rewardsIn(debate, discountedVerifierCredit({ gamma: 0.5 }))
      // The first word and the mean of the second round, with weights 1 and 1/2.
      expectClose(rewards[0], [1, -0.5 / 1.5])
      expectClose(rewards[1], [-0.5 / 1.5, 1])
      expectClose(rewards[2], [1, -1])
      expectClose(rewards[3], [1, -1])
    })
  )

  it.effect("by verdicts, is what others say later, and never one's own", () =>
    Effect.gen(function* () {
      const rewards = yield* rewardsIn(
        conversation,
        discountedVerifierCredit({ gamma: 0.5, verifier: "verdicts" })
      )
      // "wrong" after one turn and "right" after three: (-1/2 + 1/8) / (1/2 + 1/8).
      expectClose(rewards[0], [-0.6, -0.6])
      expectClose(rewards[1], [1, 1])
      expectClose(rewards[2], [1, 1])
      expectClose(rewards[3], [0, 0])
    })
  )

  it.effect("with gamma 0 is a proposer's own truth", () =>
    Effect.gen(function* () {
      const rewards = yield* rewardsIn(conversation, discountedVerifierCredit({ gamma: 0 }))
      expect([rewards[0], rewards[2]]).toEqual([
        [-1, 1],
        [1, -1]
      ])
    })
  )
})

describe("a judge that is a language model", () => {
  const judgement = (answer: (asked: string) => string) => {
    const asked: Array<string> = []
    const judge = talker(({ prompt }) => {
      const question = prompt.messages.at(-1)?.content ?? ""
      asked.push(question)
      return answer(question)
    })
    return { judge, asked }
  }
  const game = duel({ rounds: 2, policy: talker((_, i) => ["yes", "no", "no"][i] ?? "") })

  it.effect("is asked once for each text, in its context, and its scores from 0 to 1 become rewards", () =>
    Effect.gen(function* () {
      const { judge, asked } = judgement((question) =>
        question.endsWith("yes") ? "Well put.\n**Score: 0.9**" : "Score: 0.25"
      )
      const rewards = yield* rewardsIn(game, llmJudgeCredit(judge, { policy: "judge" }), 3)
      expectClose(rewards[0], [0.8, -0.5, -0.5])
      expect(asked).toHaveLength(4)
      expect(asked[0]).toContain("Question:\nWhich word?")
      expect(asked[0]).not.toContain("Reference answer")
      expect(asked[2]).toContain("ada (proposer): yes\n\nContribution to grade, by bob (reviewer):\nyes")
    })
  )

  it.effect("counts for nothing where it is not clear", () =>
    Effect.gen(function* () {
      const { judge } = judgement((question) =>
        question.endsWith("yes") ? "Score: 7" : "I would say 0.9, or Score: 0.2 at worst."
      )
      expect(yield* rewardsIn(game, llmJudgeCredit(judge, { policy: "judge" }), 3)).toEqual([
        [0, 0, 0],
        [0, 0, 0]
      ])
      const strict = llmJudgeCredit(judge, { policy: "judge", neutral: 0 })
      expect((yield* rewardsIn(game, strict, 2))[0]).toEqual([-1, -1])
    })
  )

  it.effect("is warned of where it mostly cannot be read, and not where it mostly can", () =>
    Effect.gen(function* () {
      const warnings: Array<string> = []
      const logger = Logger.make<unknown, void>(({ message }) => void warnings.push(String(message)))
      const heard = (say: (question: string) => string) =>
        Effect.provide(
          rewardsIn(game, llmJudgeCredit(judgement(say).judge, { policy: "judge" }), 3),
          Logger.layer([logger])
        )
      yield* heard((question) => (question.endsWith("yes") ? "Score: 0.9" : "Well, then"))
      expect(warnings).toEqual([])
      yield* heard(() => "Let me think about")
      expect(warnings).toHaveLength(1)
      expect(warnings[0]).toContain(
        'The judge "judge" gave no readable score for 4 of the batch\'s 4 utterances'
      )
      expect(warnings[0]).toContain('It said: "Let me think about"')
    })
  )

  it.effect("is not asked more often than a batch may, and what is left over is not learned from", () =>
    Effect.gen(function* () {
      const { judge, asked } = judgement(() => "Score: 1")
      const credit = llmJudgeCredit(judge, { policy: "judge", maxCalls: 3, gold: true })
      const episode = yield* play(game, credit, 3)
      const credits = yield* creditsOf(episode, credit)
      expect(credits.map(({ weight }) => weight)).toEqual([1, 0])
      expect(asked).toHaveLength(2)
      expect(asked[0]).toContain("Reference answer:\nyes")
    })
  )

  it.effect("has to be one of the configuration's policies", () =>
    Effect.gen(function* () {
      const registry = createRegistry(corePlugins)
      const policies = new Map([["small", talker(() => "")]])
      const use = { use: "llm-judge", policy: "large" }
      const error = yield* Effect.flip(registry.make("credit", use, { policies }, "credit"))
      expect(error).toMatchObject({ _tag: "ConfigError", path: "credit.policy" })
      expect(error.message).toBe('credit.policy: there is no policy "large"; known here: small.')
      const missing = yield* Effect.flip(
        registry.make("credit", { use: "llm-judge" }, { policies }, "credit")
      )
      expect(missing.message).toContain("credit.policy")
    })
  )
})

describe("the paper's credit of a judgement of partial work", () => {
  it.effect("is 0, whatever it says: nobody knows if unfinished steps are right", () =>
    Effect.gen(function* () {
      const credit = tracerCredit()
      const { groups } = yield* play(duel({ rounds: 2, policy: talker(() => "wrong") }), credit)
      const review = groups[1]
      if (review === undefined) throw new Error("Bob has a review.")
      const whole = { ...review, view: { ...review.view, steps: ["3*4=12."] } }
      const { pending: _, ...withoutAnswer } = whole.view
      const partial = { ...whole, view: { ...withoutAnswer, pending: { text: "3*4=12." } } }
      const credits = yield* credit.utterances([whole, partial], new Map())
      // One review whose truth is known: its class weighs 1/2.
      expect(credits).toEqual([
        { rewards: [0.5, 0.5], weight: 0.5 },
        { rewards: [0, 0], weight: 1 }
      ])
    })
  )
})

describe("laws of the paper's credit", () => {
  it("a constant verdict earns 0 in a batch, balanced", () => {
    const credit = tracerCredit()
    const verdicts = fc.constantFrom("right", "wrong")
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 20 }), verdicts, (rights, verdict) => {
        fc.pre(rights.includes(true) && rights.includes(false))
        const groups = rights.flatMap((isRight) => {
          const policy = talker(({ role }) => (role === "reviewer" ? verdict : isRight ? "yes" : "no"))
          return Effect.runSync(play(duel({ rounds: 2, policy }), credit)).groups
        })
        const credits = Effect.runSync(credit.utterances(groups, new Map()))
        const earned = credits.flatMap(({ rewards }, i) => (groups[i]?.role === "reviewer" ? rewards : []))
        expect(earned.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 10)
      })
    )
  })

  it("both actions are worth the same where they lead to the same end, and cost the same", () => {
    const credit = tracerCredit({ tokenCost: 0 })
    fc.assert(
      fc.property(dialogues, ({ rounds, seed }) => {
        const game = erraticGame(rounds, teachable(always("keep")))
        for (const { point, values } of Effect.runSync(play(game, credit, 2, seed)).decisions) {
          if (point.turn.seat.agent === "bob") expect(values[0]).toBe(values[1])
        }
      })
    )
  })
})

describe("every assigner", () => {
  it.effect("says which dialogue it misses", () =>
    Effect.gen(function* () {
      const credit = leaveOneOutCredit()
      const { groups } = yield* play(duel({ rounds: 1, policy: talker(() => "yes") }), credit)
      const error = yield* Effect.flip(credit.utterances(groups, new Map()))
      expect(error).toMatchObject({ _tag: "CreditError" })
      expect(error.message).toContain("ada in round 1 belong to dialogue 0")
    })
  )

  it.effect("has to credit every group and every utterance", () =>
    Effect.gen(function* () {
      const game = duel({ rounds: 1, policy: talker(() => "yes") })
      const settings = { seed: 1, batchSize: 1, epochs: 1, concurrency: 1, groupSize: 2, forkSamples: 2 }
      const failing = (credits: ReadonlyArray<UtteranceCredit>) =>
        Effect.flip(
          train(game, [task], {
            ...settings,
            credit: { ...tracerCredit(), name: "sloppy", utterances: () => Effect.succeed(credits) },
            emit: () => {}
          })
        )
      expect((yield* failing([])).message).toBe(
        'The credit assigner "sloppy" credited 0 of 1 groups of utterances.'
      )
      expect((yield* failing([{ rewards: [1], weight: 1 }])).message).toBe(
        'The credit assigner "sloppy" gave 1 rewards to 2 utterances of ada in round 1 of dialogue 0.'
      )
    })
  )
})
