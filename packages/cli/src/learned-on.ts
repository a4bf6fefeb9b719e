import type { TeamConfig } from "@tracer-sdk/core"

/** The data set that a team learned on, so that it is asked in the words it knows. */
export const learnedOn = ({ tasks }: TeamConfig): string | undefined => {
  if (tasks === undefined) return undefined
  const { use, dataset } = tasks.train
  if (typeof dataset === "string") return dataset
  return use === "jsonl" ? undefined : use
}
