import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import { Effect, Option, Schema } from "effect"
import { StoreError } from "../errors.ts"
import type { Task } from "../task.ts"
import { letterChoices } from "./lettered-choices.ts"

/** How a JSONL file of tasks is read. */
export interface ReadTasksOptions {
  /** Names prompts and grader; by default `gsm8k` where an answer has a `####` line, `gpqa` where there are choices, else none. */
  readonly dataset?: string
  /** The first so many rows. */
  readonly limit?: number
  /** The fields that hold question, answer, id, and a list of choices. */
  readonly fields?: {
    readonly question?: string
    readonly answer?: string
    readonly id?: string
    readonly choices?: string
  }
}

const Row = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))

const Choices = Schema.Array(Schema.String).check(Schema.isMinLength(2), Schema.isMaxLength(10))

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined

/**
 * Reads tasks from a JSONL file, one JSON object a line: `question`, `answer`, and where they have them `id` and
 * `choices`, which are shuffled by the question; the answer among them is one of the texts, or a letter.
 *
 * Reads GSM8K's own format. Fails with `StoreError` that names the line that is not a task.
 */
export const readTasks = (
  file: string,
  options: ReadTasksOptions = {}
): Effect.Effect<ReadonlyArray<Task>, StoreError> => {
  const { question = "question", answer = "answer", id = "id", choices = "choices" } = options.fields ?? {}
  const wrongLine = (line: number, what: string) =>
    new StoreError({
      path: file,
      message: `${file}:${line}: ${what}`,
      hint: `Every line has to be a JSON object with a text "${question}" and, for training and evaluation, an "${answer}".`
    })
  const taskOf = (text: string, line: number): Task => {
    const row = Option.getOrUndefined(Schema.decodeUnknownOption(Row)(text))
    if (row === undefined) throw wrongLine(line, "this is not a JSON object.")
    const asked = textOf(row[question])
    if (asked === undefined) {
      throw wrongLine(
        line,
        `there is no text in "${question}"; the fields are: ${Object.keys(row).join(", ")}.`
      )
    }
    const offered = Option.getOrUndefined(Schema.decodeUnknownOption(Choices)(row[choices]))
    const lettered = offered === undefined ? undefined : letterChoices(asked, offered, textOf(row[answer]))
    if (offered !== undefined && lettered === undefined) {
      throw wrongLine(line, `"${answer}" is neither one of "${choices}" nor the letter of one.`)
    }
    const gold = lettered === undefined ? textOf(row[answer]) : lettered.gold
    const known = lettered !== undefined ? "gpqa" : gold?.includes("####") ? "gsm8k" : undefined
    const dataset = options.dataset ?? known
    return {
      id: textOf(row[id]) ?? String(line),
      question: asked,
      ...(gold === undefined ? {} : { gold }),
      ...(lettered === undefined ? {} : { choices: lettered.choices }),
      ...(dataset === undefined ? {} : { dataset })
    }
  }
  return Effect.tryPromise({
    try: async () => {
      const tasks: Array<Task> = []
      let number = 0
      for await (const line of createInterface({ input: createReadStream(file, "utf8") })) {
        number += 1
        if (options.limit !== undefined && tasks.length >= options.limit) break
        if (line.trim() !== "") tasks.push(taskOf(line, number))
      }
      return tasks
    },
    catch: (cause) =>
      cause instanceof StoreError
        ? cause
        : new StoreError({
            path: file,
            message: `The tasks ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
            hint: "Give the path of a JSONL file of tasks.",
            cause
          })
  })
}
