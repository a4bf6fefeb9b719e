import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { benchmarkExample } from "../../test/benchmark-example.ts"
import { hostileText } from "../../test/hostile-text.ts"
import { writeReport } from "./write-report.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracer-report-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** All files of a folder with their texts, by name. */
const filesOf = async (directory: string): Promise<ReadonlyMap<string, string>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      names
        .toSorted()
        .map(async (name) => [name.slice(directory.length + 1), await readFile(name, "utf8")] as const)
    )
  )
}

describe("writeReport", () => {
  it.effect("writes the same files for the same summary, byte for byte, and no others", () =>
    Effect.gen(function* () {
      const [one, other] = [join(folder, "one"), join(folder, "other")]
      const files = yield* writeReport(benchmarkExample(), one)
      expect(files).toEqual({
        html: join(one, "report.html"),
        markdown: join(one, "report.md"),
        figures: join(one, "report")
      })
      yield* writeReport(benchmarkExample(), other)
      yield* Effect.promise(() => writeFile(join(other, "report", "of-an-earlier-report.svg"), "<svg/>"))
      yield* writeReport(benchmarkExample(), other)
      const [first, second] = yield* Effect.promise(() => Promise.all([filesOf(one), filesOf(other)]))
      expect([...first.keys()].filter((name) => !name.startsWith("report/"))).toEqual([
        "report.html",
        "report.md"
      ])
      expect(second).toEqual(first)
    })
  )

  it.effect("names figures in the Markdown that are there, and others nowhere", () =>
    Effect.gen(function* () {
      const directory = join(folder, "figures")
      yield* writeReport(benchmarkExample({ hostile: hostileText }), directory)
      const files = yield* Effect.promise(() => filesOf(directory))
      const markdown = files.get("report.md") ?? ""
      const named = [...markdown.matchAll(/^!\[.*\]\((.*)\)$/gm)].map(([, file]) => file)
      expect(named.toSorted()).toEqual([...files.keys()].filter((name) => name.endsWith(".svg")))
      expect(named.length).toBeGreaterThan(8)
    })
  )

  it.effect("writes a page that asks for nothing, and in which no text is markup", () =>
    Effect.gen(function* () {
      const directory = join(folder, "hostile")
      const { html } = yield* writeReport(benchmarkExample({ hostile: hostileText }), directory)
      const page = yield* Effect.promise(() => readFile(html, "utf8"))
      expect(page).not.toMatch(/<(script|img|iframe|object|embed|link(?! rel="icon" href="data:,"))/i)
      expect(page).not.toMatch(/@import|url\((?!#)/)
      const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address)
      for (const address of addresses) expect(address).toMatch(/^(#[a-z0-9-]+|data:,)$/)
      expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;")
    })
  )

  it.effect("fails where the folder cannot be written, and says which", () =>
    Effect.gen(function* () {
      const file = join(folder, "a-file")
      yield* Effect.promise(() => writeFile(file, ""))
      const error = yield* Effect.flip(writeReport(benchmarkExample(), file))
      expect(error._tag).toBe("StoreError")
      expect(error.message).toContain(file)
      expect(error.hint).not.toBe("")
    })
  )
})
