import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type BenchmarkSummary, StoreError } from "@tracer-sdk/core"
import { Effect } from "effect"
import { figuresOf } from "./document.ts"
import { documentToHtml } from "./html/document-to-html.ts"
import { documentToMarkdown } from "./markdown/document-to-markdown.ts"
import { draw } from "./plots/draw.ts"
import { standalone } from "./plots/standalone.ts"
import { reportDocument } from "./report-document.ts"

/** Where a report is. */
export interface ReportFiles {
  /** One page that needs no other file. */
  readonly html: string
  readonly markdown: string
  /** The folder of the Markdown's figures. */
  readonly figures: string
}

/** The name of the figures' folder beside `report.md`. */
const folder = "report"

/** A reader sees the old file or the new one, never a part. */
const write = async (file: string, text: string): Promise<void> => {
  await writeFile(`${file}.part`, text)
  await rename(`${file}.part`, file)
}

/** Figures of an earlier report that this one does not have. */
const removeOthers = async (directory: string, names: ReadonlySet<string>): Promise<void> => {
  const stale = (await readdir(directory)).filter((file) => file.endsWith(".svg") && !names.has(file))
  await Promise.all(stale.map((file) => rm(join(directory, file))))
}

/**
 * Writes a benchmark's report into a folder: `report.html`, and `report.md` with its figures in `report/`.
 *
 * The same summary gives the same files, byte for byte. Fails with `StoreError` where the folder cannot be written.
 */
export const writeReport = (
  summary: BenchmarkSummary,
  directory: string
): Effect.Effect<ReportFiles, StoreError> =>
  Effect.tryPromise({
    try: async () => {
      const files: ReportFiles = {
        html: join(directory, "report.html"),
        markdown: join(directory, "report.md"),
        figures: join(directory, folder)
      }
      const report = reportDocument(summary)
      const drawn = new Map<string, string>()
      for (const { name, plot } of figuresOf(report)) drawn.set(name, await draw(plot))
      await mkdir(files.figures, { recursive: true })
      for (const { name, description } of figuresOf(report)) {
        await write(join(files.figures, `${name}.svg`), standalone(drawn.get(name) ?? "", description))
      }
      await removeOthers(files.figures, new Set([...drawn.keys()].map((name) => `${name}.svg`)))
      await write(files.html, documentToHtml(report, drawn))
      await write(files.markdown, documentToMarkdown(report, folder))
      return files
    },
    catch: (cause) =>
      new StoreError({
        path: directory,
        message: `The report cannot be written to ${directory}: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: "Check that the folder can be written and that the disk has room.",
        cause
      })
  })
