import { Option, Schema } from "effect"
import { letterChoices } from "../task/lettered-choices.ts"
import type { Task } from "../task.ts"
import { BadRow, type Row } from "./row.ts"

/** The names of the fields that hold a task's parts. */
export const TaskFields = Schema.Struct({
  /** `question` by default. */
  question: Schema.optionalKey(Schema.String),
  /** `answer` by default. Of a choice: its text, or the letter that it has in the order of the file. */
  answer: Schema.optionalKey(Schema.String),
  /** `id` by default; the row's number where there is none. */
  id: Schema.optionalKey(Schema.String),
  /** `choices` by default: a field with a list of texts, or the list of the fields that hold one each. */
  choices: Schema.optionalKey(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  /** Holds the right choice's place among the choices, counted from 0; in place of `answer`. */
  answerIndex: Schema.optionalKey(Schema.String)
})
export type TaskFields = typeof TaskFields.Type

const TextList = Schema.Array(Schema.String).check(Schema.isMinLength(2), Schema.isMaxLength(10))
const decodeList = Schema.decodeUnknownOption(TextList)
const decodeJsonList = Schema.decodeUnknownOption(Schema.fromJsonString(TextList))

const textOf = (value: unknown): string | undefined =>
  typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "bigint"
      ? String(value)
      : undefined

/** The choices that a row offers, without the white space around them; absent where it is no multiple choice. */
const choicesOf = ({ fields, place }: Row, names: string | ReadonlyArray<string>) => {
  if (typeof names === "string") {
    const value = fields[names]
    const list = typeof value === "string" ? decodeJsonList(value) : decodeList(value)
    return Option.getOrUndefined(list)?.map((choice) => choice.trim())
  }
  return names.map((name) => {
    const choice = textOf(fields[name])
    if (choice === undefined) throw new BadRow(place, `there is no text in "${name}".`)
    return choice.trim()
  })
}

/** The right choice's text or letter. */
const keyOf = (
  { fields, place }: Row,
  choices: ReadonlyArray<string>,
  answer: string,
  index: string | undefined
): string | undefined => {
  if (index === undefined) return textOf(fields[answer])?.trim()
  const key = choices[Number(textOf(fields[index]))]
  if (key === undefined) throw new BadRow(place, `"${index}" is no place among the choices, counted from 0.`)
  return key
}

/**
 * The task that a row holds. Its data set is `dataset`, else `gsm8k` where the answer has a `####` line and `gpqa` where
 * there are choices, which are shuffled by the question.
 *
 * @throws BadRow that says what is missing.
 */
export const taskOf = (row: Row, named: TaskFields = {}, dataset?: string): Task => {
  const { question = "question", answer = "answer", id = "id", choices = "choices", answerIndex } = named
  const { fields, number, place } = row
  const asked = textOf(fields[question])
  if (asked === undefined) {
    const known = Object.keys(fields).join(", ")
    throw new BadRow(place, `there is no text in "${question}"; the fields are: ${known}.`)
  }
  const offered = choicesOf(row, choices)
  const key = offered === undefined ? undefined : keyOf(row, offered, answer, answerIndex)
  const lettered = offered === undefined ? undefined : letterChoices(asked, offered, key)
  if (offered !== undefined && lettered === undefined) {
    throw new BadRow(place, `"${answer}" is neither one of the choices nor the letter of one.`)
  }
  const gold = lettered === undefined ? textOf(fields[answer]) : lettered.gold
  const known = lettered !== undefined ? "gpqa" : gold?.includes("####") ? "gsm8k" : undefined
  const set = dataset ?? known
  return {
    id: textOf(fields[id]) ?? String(number),
    question: asked,
    ...(gold === undefined ? {} : { gold }),
    ...(lettered === undefined ? {} : { choices: lettered.choices }),
    ...(set === undefined ? {} : { dataset: set })
  }
}
