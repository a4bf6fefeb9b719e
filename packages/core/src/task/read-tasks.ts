import { Effect } from "effect"
import { readCsv } from "../data/read-csv.ts"
import { readJsonl } from "../data/read-jsonl.ts"
import { readParquet } from "../data/read-parquet.ts"
import { BadRow, formatOf, type Row, type TableFormat } from "../data/row.ts"
import { inShare, sampled, type TaskSelection } from "../data/selection.ts"
import { type TaskFields, taskOf } from "../data/task-fields.ts"
import { StoreError } from "../errors.ts"
import { reasonOf } from "../reason-of.ts"
import type { Task } from "../task.ts"

/** How a file of tasks is read. */
export interface ReadTasksOptions extends TaskSelection {
  /** By the file's ending by default: `.csv`, `.tsv`, `.parquet`, else JSON lines. */
  readonly format?: TableFormat
  /** Names prompts and grader; by default `gsm8k` where an answer has a `####` line, `gpqa` where there are choices, else none. */
  readonly dataset?: string
  readonly fields?: TaskFields
}

const readers: Readonly<Record<TableFormat, (file: string) => AsyncGenerator<Row>>> = {
  jsonl: readJsonl,
  csv: readCsv,
  parquet: readParquet
}

const described: Readonly<Record<TableFormat, string>> = {
  jsonl: "a JSONL file: one JSON object a line",
  csv: "a CSV file with a header",
  parquet: "a Parquet file"
}

const failure = (file: string, format: TableFormat, fields: TaskFields, cause: unknown): StoreError => {
  if (cause instanceof BadRow) {
    const { question = "question", answer = "answer" } = fields
    return new StoreError({
      path: file,
      message: `${file}:${cause.place}: ${cause.message}`,
      hint: `Give ${described[format]}, in which every row has a text "${question}" and, for training and evaluation, an "${answer}"; fields names them otherwise.`,
      cause
    })
  }
  return new StoreError({
    path: file,
    message: `The tasks ${file} cannot be read: ${reasonOf(cause)}`,
    hint: "Give the path of a file of tasks: JSONL, CSV or Parquet.",
    cause
  })
}

/**
 * Reads tasks from a JSONL, CSV or Parquet file: `question`, `answer`, and where they have them `id` and `choices`, which
 * are shuffled by the question; the answer among them is one of the texts, or a letter.
 *
 * Reads GSM8K's own format. Fails with `StoreError` that names the row that is not a task.
 */
export const readTasks = (
  file: string,
  options: ReadTasksOptions = {}
): Effect.Effect<ReadonlyArray<Task>, StoreError> => {
  const { format = formatOf(file), fields = {}, dataset, sample, limit } = options
  return Effect.tryPromise({
    try: async () => {
      const tasks: Array<Task> = []
      for await (const row of readers[format](file)) {
        const task = taskOf(row, fields, dataset)
        if (!inShare(options, task)) continue
        tasks.push(task)
        if (sample === undefined && tasks.length === limit) break
      }
      return sampled(options, tasks)
    },
    catch: (cause) => failure(file, format, fields, cause)
  })
}
