import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { readTasks } from "./read-tasks.ts"

const fileWith = (text: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "tracer-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true }))
    ),
    (folder) => {
      const file = join(folder, "tasks.jsonl")
      writeFileSync(file, text)
      return file
    }
  )

describe("readTasks", () => {
  it.effect("reads GSM8K's own format, and knows it by its golds", () =>
    Effect.gen(function* () {
      const file = yield* fileWith(
        '{"question":"Two and two?","answer":"2+2 = <<2+2=4>>4\\n#### 4"}\n\n{"question":"Three?","answer":"#### 3"}\n'
      )
      expect(yield* readTasks(file)).toEqual([
        { id: "1", question: "Two and two?", gold: "2+2 = <<2+2=4>>4\n#### 4", dataset: "gsm8k" },
        { id: "3", question: "Three?", gold: "#### 3", dataset: "gsm8k" }
      ])
      expect(yield* readTasks(file, { limit: 1, dataset: "mine" })).toMatchObject([
        { id: "1", dataset: "mine" }
      ])
    })
  )

  it.effect("maps fields, keeps ids, and lets an answer be a number or missing", () =>
    Effect.gen(function* () {
      const file = yield* fileWith('{"id":"a","problem":"1+1","solution":2}\n{"id":7,"problem":"?"}\n')
      expect(yield* readTasks(file, { fields: { question: "problem", answer: "solution" } })).toEqual([
        { id: "a", question: "1+1", gold: "2" },
        { id: "7", question: "?" }
      ])
    })
  )

  it.effect("shuffles choices by the question, and keeps track of the right one", () =>
    Effect.gen(function* () {
      const capitals = ["Paris", "Rome", "Oslo", "Bern"]
      const rows = ["Italy", "Norway", "France", "Spain", "Chad"].map((country, i) =>
        JSON.stringify({
          question: `The capital of ${country}?`,
          choices: capitals,
          answer: i % 2 === 0 ? "B" : "Oslo"
        })
      )
      const tasks = yield* readTasks(yield* fileWith(rows.join("\n")))
      const golds = tasks.map(({ choices = [], gold = "" }) => choices[gold.charCodeAt(0) - 65])
      expect(golds).toEqual(["Rome", "Oslo", "Rome", "Oslo", "Rome"])
      expect(new Set(tasks.map(({ choices = [] }) => choices.join())).size).toBeGreaterThan(1)
      expect(tasks.every(({ dataset }) => dataset === "gpqa")).toBe(true)
      const wrong = yield* Effect.flip(
        readTasks(yield* fileWith('{"question":"?","choices":["a","b"],"answer":"c"}'))
      )
      expect(wrong.message).toContain(':1: "answer" is neither one of the choices nor the letter of one')
    })
  )

  it.effect("names the line that is not a task, and what it has instead", () =>
    Effect.gen(function* () {
      const broken = yield* Effect.flip(readTasks(yield* fileWith('{"question":"a"}\n{"question":')))
      expect(broken.message).toMatch(/tasks\.jsonl:2: this is not a JSON object/)
      const other = yield* Effect.flip(readTasks(yield* fileWith('{"prompt":"a","gold":"b"}')))
      expect(other.message).toMatch(/:1: there is no text in "question"; the fields are: prompt, gold/)
      const missing = yield* Effect.flip(readTasks("no-such-file.jsonl"))
      expect(missing.message).toContain("no-such-file.jsonl cannot be read")
    })
  )
})
