import {
  type CreditedGroup,
  type Learner,
  LearnerError,
  seedKey,
  shuffle,
  split,
  type UpdateReport
} from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import type { AdapterStore } from "../adapter/index.ts"
import { makeAdam } from "../optimizer/index.ts"
import { partition } from "./batching.ts"
import { loadStudents, type Student, saveStudents } from "./learner-file.ts"
import { GspoOptions, type GspoOptionsInput, learns, optionsFor } from "./options.ts"
import { withOwnRatios } from "./own-ratios.ts"
import { type PolicyStep, policyStep } from "./policy-step.ts"
import { reportOf } from "./report.ts"
import { type Rollout, toRollout } from "./rollout.ts"
import { updateFailure } from "./step-failure.ts"

/** What the learner works on. */
export interface GspoLearnerParts {
  /** Names the order of mini-batches. */
  readonly seed: number
  /** The adapters that an agent speaks through; undefined for one without a local model. */
  readonly adapters: (agent: string) => AdapterStore | undefined
  readonly options?: GspoOptionsInput
}

/** A learner that holds optimizer state in the backend's memory. */
export interface GspoLearner extends Learner {
  /** Frees the optimizers; the adapters stay their store's. */
  dispose(): void
}

/** Groups by (agent, role), in the order of first appearance. */
const bySpeaker = (groups: ReadonlyArray<CreditedGroup>): ReadonlyArray<ReadonlyArray<CreditedGroup>> => [
  ...Map.groupBy(groups, ({ agent, role }) => JSON.stringify([agent, role])).values()
]

/**
 * Group sequence policy optimization of adapters, one for each (agent, role) on a shared base model.
 *
 * An update is a function of (weights, optimizer state, groups, seed, number of updates before). Ratios start from the
 * log-probabilities that the sampler recorded, at the temperature that it drew at; with `importanceCap`, from the learner's own. Fails
 * with `LearnerError` for groups that cannot be trained on, before any weight has changed, and where the backend fails.
 *
 * Source: GSPO, arXiv 2507.18071; mini-batches and roles as in TRACER, arXiv 2605.28699.
 */
export const gspoLearner = (parts: GspoLearnerParts): GspoLearner => {
  const options = Schema.decodeSync(GspoOptions)(parts.options ?? {})
  const root = split(seedKey(parts.seed), "gspo")
  const students = new Map<string, Student>()

  const studentOf = (agent: string, role: string): Effect.Effect<Student, LearnerError> => {
    const key = JSON.stringify([agent, role])
    const known = students.get(key)
    if (known !== undefined) return Effect.succeed(known)
    const store = parts.adapters(agent)
    if (store === undefined) {
      return new LearnerError({
        message: `${agent} does not speak through a local model, so there are no weights to train for its ${role}.`,
        hint: "Give the agent a local policy, leave it out of the learner's agents, or leave the learner out: the controllers learn without one."
      })
    }
    const own = optionsFor(options, role)
    const { learningRate, maxGradientNorm } = own
    return Effect.try({
      try: () => {
        const adapter = store.get(agent, role)
        const adam = makeAdam(adapter.variables, { learningRate, maxGradientNorm })
        const made: Student = { agent, role, decoder: store.decoder, adapter, adam, updates: 0 }
        students.set(key, made)
        return made
      },
      catch: (cause) => updateFailure(`${agent}'s ${role}`, cause, own)
    })
  }

  const learn = Effect.fnUntraced(function* (student: Student, rollout: Rollout) {
    const { agent, role, decoder, adapter, adam, updates } = student
    const own = optionsFor(options, role)
    const { importanceCap, maxTokensPerStep } = own
    const attempt = <A>(work: () => Promise<A>): Effect.Effect<A, LearnerError> =>
      Effect.uninterruptible(
        Effect.tryPromise({
          try: work,
          catch: (cause) => updateFailure(`${agent}'s ${role}`, cause, own)
        })
      )
    const groups =
      importanceCap === undefined
        ? rollout.groups
        : yield* attempt(() =>
            withOwnRatios(decoder, adapter, rollout.groups, importanceCap, maxTokensPerStep)
          )
    const steps: Array<PolicyStep> = []
    for (let epoch = 0; epoch < own.epochs; epoch++) {
      const key = split(root, agent, role, updates, epoch)
      const order = shuffle(key, groups)
      for (const [index, part] of partition(order, own.miniBatches).entries()) {
        const step = () =>
          policyStep(decoder, adapter, adam, part, own, split(key, index)).finally(() => {
            // A step that failed may have changed some of the weights: samplers must not go on with older ones.
            adapter.revision += 1
          })
        steps.push(yield* attempt(step))
      }
    }
    student.updates += 1
    return reportOf(student, rollout, steps)
  })

  const asLearnerError = ({ message, hint, cause }: { message: string; hint: string; cause?: unknown }) =>
    new LearnerError({ message, hint, ...(cause === undefined ? {} : { cause }) })

  return {
    name: "gspo",
    update: Effect.fn("gspo.update")(function* (groups: ReadonlyArray<CreditedGroup>) {
      const prepared: Array<{ readonly student: Student; readonly rollout: Rollout }> = []
      for (const own of bySpeaker(groups)) {
        const first = own[0]
        if (first === undefined) continue
        const settings = optionsFor(options, first.role)
        if (!learns(options, first)) continue
        const rollout = yield* Effect.fromResult(toRollout(own, settings))
        prepared.push({ student: yield* studentOf(first.agent, first.role), rollout })
      }
      const reports: Array<UpdateReport> = []
      for (const { student, rollout } of prepared) reports.push(yield* learn(student, rollout))
      return reports
    }),
    save: (directory) =>
      saveStudents([...students.values()], directory).pipe(Effect.mapError(asLearnerError)),
    load: (directory) => loadStudents(directory, studentOf).pipe(Effect.mapError(asLearnerError)),
    dispose: () => {
      for (const { adam } of students.values()) adam.dispose()
      students.clear()
    }
  }
}
