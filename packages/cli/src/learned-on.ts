import { datasetOfTasks, type TeamConfig } from "@tracer-sdk/core"

/** The data set that a team learned on, so that it is asked in the words it knows. */
export const learnedOn = ({ tasks }: TeamConfig): string | undefined =>
  tasks === undefined ? undefined : datasetOfTasks(tasks.train)
