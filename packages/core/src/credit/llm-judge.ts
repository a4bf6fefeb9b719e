import { Effect, Schema } from "effect"
import type { CreditAssigner, Utterance, UtteranceGroup } from "../credit.ts"
import { eagerAll } from "../engine/eager-all.ts"
import { ConfigError, CreditError, type PolicyError } from "../errors.ts"
import type { Policy } from "../policy.ts"
import { seedKey, seedNumber, split } from "../random.ts"
import { continuationValues } from "./decision-values.ts"
import { judgeInstructions, judgePrompt, readScore } from "./judge-prompt.ts"
import { countOption, shareOption, tokenCostOption } from "./options.ts"

export const LlmJudgeOptions = Schema.Struct({
  /** The judge, by its name among the configuration's policies. */
  policy: Schema.NonEmptyString,
  /** Replaces what the judge is told; it has to ask for a last line `Score: 0.7`. */
  instructions: Schema.NonEmptyString.pipe(Schema.withDecodingDefaultKey(Effect.succeed(judgeInstructions))),
  /** Shows the judge the gold answer. */
  gold: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
  /** The score of an utterance whose grade cannot be read. */
  neutral: shareOption(0.5),
  /** The most calls for one batch; what comes after them is not learned from. */
  maxCalls: countOption(1000),
  /** The judge's longest answer, in tokens. */
  maxTokens: countOption(256),
  /** Calls made at the same time. */
  concurrency: countOption(16),
  /** Charged to decisions alone. */
  tokenCost: tokenCostOption(0.1)
})
export type LlmJudgeOptions = typeof LlmJudgeOptions.Encoded

/** A policy by the name that an option gives; fails with `ConfigError` where there is none. */
export const judgeOf = (
  policies: ReadonlyMap<string, Policy>,
  name: string
): Effect.Effect<Policy, ConfigError> => {
  const judge = policies.get(name)
  return judge === undefined
    ? new ConfigError({
        path: "credit.policy",
        message: `credit.policy: there is no policy "${name}"; known here: ${[...policies.keys()].join(", ") || "none"}.`,
        hint: "Name one of these, or add the judge to the configuration's policies."
      })
    : Effect.succeed(judge)
}

/** A judge's answer, with its score where one could be read. */
interface Grade {
  readonly score: number | undefined
  readonly said: string
}

/** A judge that is mostly not understood teaches next to nothing, which nobody would notice from the rewards. */
const warnOfUnreadable = (name: string, grades: ReadonlyArray<Grade>): Effect.Effect<void> => {
  const unreadable = grades.filter(({ score }) => score === undefined)
  const [first] = unreadable
  if (first === undefined || 2 * unreadable.length <= grades.length) return Effect.void
  return Effect.logWarning(
    `The judge "${name}" gave no readable score for ${unreadable.length} of the batch's ${grades.length} utterances, which count as neutral. ` +
      `Raise credit.maxTokens where its answers are cut off. It said: ${JSON.stringify(first.said.slice(-200))}`
  )
}

/** The texts of a group that differ, each with the utterance that says it first. */
const distinct = ({ utterances }: UtteranceGroup): ReadonlyMap<string, Utterance> => {
  const byText = new Map<string, Utterance>()
  for (const utterance of utterances) {
    if (!byText.has(utterance.completion.text)) byText.set(utterance.completion.text, utterance)
  }
  return byText
}

/**
 * Credits an utterance with what a language model thinks of it: its score s from 0 to 1 becomes the reward 2 s - 1.
 *
 * The judge is asked once for each different text of a group, greedily, and its answer is read strictly: anything but a last line `Score: `
 * with a number from 0 to 1 counts as the neutral score. Groups that the calls of a batch do not suffice for get weight 0. Decisions have
 * their continuation values. Source: model judges as in Zheng et al. 2023.
 */
export const llmJudgeCredit = (judge: Policy, options: LlmJudgeOptions): CreditAssigner => {
  const settings = Schema.decodeSync(LlmJudgeOptions)(options)
  const { neutral, maxCalls, maxTokens, concurrency } = settings
  const reward = (score: number) => 2 * score - 1

  const grade = (group: UtteranceGroup, utterance: Utterance, index: number) => {
    const { episode, agent, round, view } = group
    return Effect.flatMapEager(
      judge.generate({
        prompt: judgePrompt(group, utterance, settings),
        samples: 1,
        sampling: { temperature: 0, maxTokens },
        seed: seedNumber(split(seedKey(0), "judge", episode, round, agent, index)),
        agent: settings.policy,
        role: "judge",
        view
      }),
      ([answer]): Effect.Effect<Grade, CreditError> =>
        answer === undefined
          ? new CreditError({
              message: `The judge "${settings.policy}" gave no answer about round ${round} of dialogue ${episode}.`,
              hint: "A policy's generate() has to return exactly request.samples completions."
            })
          : Effect.succeed({ score: readScore(answer.text), said: answer.text })
    )
  }

  return {
    name: "llm-judge",
    decision: continuationValues(settings.tokenCost),
    utterances: (groups) => {
      let calls = 0
      const asked = groups.map((group) => {
        const texts = distinct(group)
        const isAffordable = calls + texts.size <= maxCalls
        if (isAffordable) calls += texts.size
        return isAffordable ? texts : undefined
      })
      const grades: ReadonlyArray<Effect.Effect<Grade, CreditError | PolicyError>> = groups.flatMap(
        (group, i) =>
          [...(asked[i]?.values() ?? [])].map((utterance, index) => grade(group, utterance, index))
      )
      return Effect.flatMapEager(eagerAll(grades, concurrency), (given) => {
        let next = 0
        const credits = groups.map(({ utterances }, i) => {
          const texts = asked[i]
          if (texts === undefined) return { rewards: utterances.map(() => reward(neutral)), weight: 0 }
          const byText = new Map([...texts.keys()].map((text) => [text, given[next++]?.score ?? neutral]))
          return {
            rewards: utterances.map(({ completion }) => reward(byText.get(completion.text) ?? neutral)),
            weight: 1
          }
        })
        return Effect.as(warnOfUnreadable(settings.policy, given), credits)
      })
    }
  }
}
