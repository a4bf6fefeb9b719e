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
  /** `choices` by default: a field with a list of 2 to 10 texts, or the list of the fields that hold one each. */
  choices: Schema.optionalKey(
    Schema.Union([
      Schema.String,
      Schema.Array(Schema.String).check(Schema.isMinLength(2), Schema.isMaxLength(10))
    ])
  ),
  /** Holds the right choice's place among the choices, counted from 0; in place of `answer`. */
  answerIndex: Schema.optionalKey(Schema.String)
})
export type TaskFields = typeof TaskFields.Type

const isList = Schema.is(Schema.Array(Schema.Unknown))
const decodeList = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Array(Schema.Unknown)))

const textOf = (value: unknown): string | undefined =>
  typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
      ? String(value)
      : undefined

/** The text of a field in which there has to be one, without the white space around it. */
const requireText = ({ fields, place }: Row, name: string): string => {
  const text = textOf(fields[name])?.trim() ?? ""
  if (text !== "") return text
  const known = Object.hasOwn(fields, name) ? "." : `; the fields are: ${Object.keys(fields).join(", ")}.`
  throw new BadRow(place, `there is no text in "${name}"${known}`)
}

const isAbsent = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (isList(value) && value.length === 0)

/** The choices that a row offers, without the white space around them; absent where it is no multiple choice. */
const choicesOf = (row: Row, names: string | ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
  if (typeof names !== "string") return names.map((name) => requireText(row, name))
  const value = row.fields[names]
  if (isAbsent(value)) return undefined
  const list = typeof value === "string" ? Option.getOrUndefined(decodeList(value)) : value
  const choices = isList(list) ? list.flatMap((choice) => textOf(choice)?.trim() || []) : []
  if (isList(list) && choices.length === list.length && choices.length >= 2 && choices.length <= 10)
    return choices
  throw new BadRow(row.place, `"${names}" is no list of 2 to 10 texts.`)
}

/** The right choice's text or letter. */
const keyOf = (
  { fields, place }: Row,
  choices: ReadonlyArray<string>,
  answer: string,
  index: string | undefined
): string | undefined => {
  if (index === undefined) return textOf(fields[answer])?.trim()
  const written = textOf(fields[index])?.trim() ?? ""
  const key = /^\d+$/.test(written) ? choices[Number(written)] : undefined
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
  requireText(row, question)
  const asked = textOf(fields[question]) ?? ""
  const offered = choicesOf(row, choices)
  if (offered === undefined && (answerIndex !== undefined || named.choices !== undefined)) {
    throw new BadRow(place, `there are no choices in "${choices}".`)
  }
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
