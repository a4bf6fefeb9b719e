import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { graderFor } from "../task/grader-for.ts"
import { readTasks } from "../task/read-tasks.ts"
import type { Task } from "../task.ts"

/** Written by tools/reference/table_fixtures.py. */
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))

const fileNamed = (name: string, content: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "tracer-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true }))
    ),
    (folder) => {
      const file = join(folder, name)
      writeFileSync(file, content)
      return file
    }
  )

/** The choice that a task's gold letter stands for. */
const rightChoice = ({ choices = [], gold = "" }: Task): string | undefined =>
  choices[gold.charCodeAt(0) - "A".charCodeAt(0)]

const goldOf = (task: Task): string => {
  const gold = graderFor(task).gold(task.gold ?? "")
  return gold.kind === "answer" ? gold.answer.canonical : gold.reason
}

describe("readTasks", () => {
  it.effect.each(["snappy", "zstd", "gzip", "brotli", "lz4", "none"])(
    "reads the same from Parquet with %s as from JSON lines",
    (codec) =>
      Effect.gen(function* () {
        const tasks = yield* readTasks(fixture(`words-${codec}.parquet`))
        expect(tasks).toEqual(yield* readTasks(fixture("words.jsonl")))
        expect(tasks.map(goldOf)).toEqual(["42", "19", "3300"])
      })
  )

  it.effect("maps the columns of MATH-500", () =>
    Effect.gen(function* () {
      const fields = { question: "problem", id: "unique_id" }
      expect(yield* readTasks(fixture("latex.jsonl"), { fields, dataset: "math" })).toEqual([
        {
          id: "test/made-up/1.json",
          question: "What is $\\frac{1}{3} + \\frac16$?",
          gold: "\\frac{1}{2}",
          dataset: "math"
        },
        { id: "test/made-up/2.json", question: "Solve $x - 4 > 0$.", gold: "(4,\\infty)", dataset: "math" }
      ])
    })
  )

  it.effect(
    "takes choices from several columns of a CSV file, with commas, quotes and line breaks in them",
    () =>
      Effect.gen(function* () {
        const answer = "Correct Answer"
        const fields = {
          question: "Question",
          answer,
          id: "Record ID",
          choices: [answer, "Incorrect Answer 1", "Incorrect Answer 2", "Incorrect Answer 3"]
        }
        const tasks = yield* readTasks(fixture("science.csv"), { fields })
        expect(tasks.map(({ id }) => id)).toEqual(["recA", "recB"])
        expect(tasks[0]?.question).toBe("Which of these is a noble gas,\nat room temperature?")
        expect(tasks.map(({ choices = [] }) => choices.toSorted())).toEqual([
          ["Iron", "Neon", "Ozone, O3", 'So-called "laughing" gas'],
          ["Charge", "Mass", "Pressure", "Temperature"]
        ])
        expect(tasks.map(rightChoice)).toEqual(["Neon", "Temperature"])
        expect(tasks.map(({ dataset }) => dataset)).toEqual(["gpqa", "gpqa"])
      })
  )

  it.effect("takes a list of choices and the place of the right one from Parquet", () =>
    Effect.gen(function* () {
      const tasks = yield* readTasks(fixture("keyed.parquet"), { fields: { answerIndex: "answer" } })
      expect(tasks.map(rightChoice)).toEqual(["8", "2"])
      const wrong = yield* fileNamed("k.jsonl", '{"question":"?","choices":["a","b"],"answer":2}')
      const error = yield* Effect.flip(readTasks(wrong, { fields: { answerIndex: "answer" } }))
      expect(error.message).toContain(':1: "answer" is no place among the choices, counted from 0.')
    })
  )

  it.effect("takes a list of choices that a CSV file holds as JSON", () =>
    Effect.gen(function* () {
      const file = yield* fileNamed("t.csv", 'question,choices,answer\n"Odd?","[""1"",""2""]",A\n')
      expect((yield* readTasks(file)).map(rightChoice)).toEqual(["1"])
    })
  )

  it.effect("reads tab-separated values, and files that begin with a byte order mark", () =>
    Effect.gen(function* () {
      const tabs = yield* fileNamed("t.tsv", "\ufeffquestion\tanswer\n1, 2 or 3?\t2\n")
      const lines = yield* fileNamed("t.jsonl", '\ufeff{"question":"1, 2 or 3?","answer":2}\n')
      const expected = [{ id: "1", question: "1, 2 or 3?", gold: "2" }]
      expect(yield* readTasks(tabs)).toEqual(expected)
      expect(yield* readTasks(lines)).toEqual(expected)
    })
  )

  it.effect("ends lines of JSON at line feeds alone, wherever the file is cut into chunks", () =>
    Effect.gen(function* () {
      // Both are allowed in a JSON text as they are (RFC 8259, section 7).
      const question = `a\u2028b\u2029c\u0085d ${"e".repeat(200_000)}?`
      const file = yield* fileNamed(
        "t.jsonl",
        `{"question":"${question}","answer":1}\r\n\r\n{"question":"?","answer":true}`
      )
      expect(yield* readTasks(file)).toEqual([
        { id: "1", question, gold: "1" },
        { id: "3", question: "?", gold: "true" }
      ])
    })
  )

  it.effect("takes numbers for choices, and an empty list or cell for none", () =>
    Effect.gen(function* () {
      const file = yield* fileNamed("t.jsonl", '{"question":"2 + 2?","choices":[3,4],"answer":4}')
      expect((yield* readTasks(file)).map(rightChoice)).toEqual(["4"])
      for (const none of ["[]", "null", '""']) {
        const open = yield* fileNamed("t.jsonl", `{"question":"2 + 2?","choices":${none},"answer":4}`)
        expect(yield* readTasks(open)).toEqual([{ id: "1", question: "2 + 2?", gold: "4" }])
      }
    })
  )

  it.effect.each([
    [
      "choices that are no list",
      '{"question":"?","choices":{"text":["a","b"]},"answer":"A"}',
      {},
      '"choices" is no list of 2 to 10 texts.'
    ],
    [
      "one choice",
      '{"question":"?","choices":["a"],"answer":"A"}',
      {},
      '"choices" is no list of 2 to 10 texts.'
    ],
    [
      "a choice without text",
      '{"question":"?","choices":["a"," "],"answer":"A"}',
      {},
      '"choices" is no list of 2 to 10 texts.'
    ],
    [
      "words for choices",
      '{"question":"?","choices":"a or b","answer":"A"}',
      {},
      '"choices" is no list of 2 to 10 texts.'
    ],
    ["an empty question", '{"question":" ","answer":"1"}', {}, 'there is no text in "question".'],
    [
      "a place that is empty",
      '{"question":"?","choices":["a","b"],"at":""}',
      { answerIndex: "at" },
      '"at" is no place among the choices, counted from 0.'
    ],
    [
      "a place without choices",
      '{"question":"?","at":1}',
      { answerIndex: "at" },
      'there are no choices in "choices".'
    ],
    [
      "a misspelt field of choices",
      '{"question":"?","options":["a","b"],"answer":"A"}',
      { choices: "option" },
      'there are no choices in "option".'
    ]
  ] as const)("does not pass over %s", ([, row, fields, message]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(readTasks(yield* fileNamed("t.jsonl", row), { fields }))
      expect(error.message).toContain(`:1: ${message}`)
    })
  )

  it.effect("says where a file is not what its format asks for", () =>
    Effect.gen(function* () {
      const ragged = yield* Effect.flip(readTasks(yield* fileNamed("t.csv", "question,answer\na,b\nc\n")))
      expect(ragged.message).toMatch(/t\.csv:line 3: this is not CSV: /)
      const fields = yield* Effect.flip(readTasks(yield* fileNamed("t.csv", "prompt,answer\na,b\n")))
      expect(fields.message).toContain(
        ':row 1: there is no text in "question"; the fields are: prompt, answer'
      )
      expect(fields.hint).toContain("a CSV file with a header")
      const noise = yield* Effect.flip(readTasks(yield* fileNamed("t.parquet", "PAR1 but no more")))
      expect(noise.message).toMatch(/t\.parquet:row 1: this is not Parquet: /)
      for (const name of ["no-such-file.jsonl", "no-such-file.csv", "no-such-file.parquet"]) {
        const missing = yield* Effect.flip(readTasks(name))
        expect(missing.message).toContain(`${name} cannot be read`)
      }
      const column = yield* Effect.flip(
        readTasks(fixture("science.csv"), {
          fields: { question: "Question", choices: ["Correct Answer", "No"] }
        })
      )
      expect(column.message).toContain(':row 1: there is no text in "No"; the fields are: ')
    })
  )
})
