import type { UpdateReport } from "@tracer-sdk/core"
import { addStatistics, noStatistics } from "../gspo/index.ts"
import type { Student } from "./learner-file.ts"
import type { PolicyStep } from "./policy-step.ts"
import type { Rollout } from "./rollout.ts"

const mean = (values: ReadonlyArray<number>): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

/** What an update's steps did to one (agent, role). */
export const reportOf = (
  { agent, role }: Student,
  rollout: Rollout,
  steps: ReadonlyArray<PolicyStep>
): UpdateReport => {
  const applied = steps.filter((step) => step.applied)
  const { sequences, ratio, clippedLow, clippedHigh } = applied
    .map((step) => step.statistics)
    .reduce(addStatistics, noStatistics)
  const share = (sum: number, without: number) => (sequences === 0 ? without : sum / sequences)
  return {
    agent,
    role,
    groups: rollout.groups.length,
    skippedGroups: rollout.skippedGroups,
    steps: applied.length,
    skippedSteps: steps.length - applied.length,
    loss: mean(applied.map((step) => step.loss)),
    meanReward: rollout.meanReward,
    ratio: share(ratio, 1),
    clippedLow: share(clippedLow, 0),
    clippedHigh: share(clippedHigh, 0),
    gradientNorm: mean(applied.map((step) => step.gradientNorm))
  }
}
