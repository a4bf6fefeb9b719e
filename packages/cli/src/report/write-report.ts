import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type BenchmarkSummary, StoreError } from "@tracer-sdk/core"
import { Effect } from "effect"
import { figuresOf, type ReportDocument } from "./document.ts"
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

/** The figures of a report by name, as SVG. */
const drawAll = async (report: ReportDocument): Promise<ReadonlyMap<string, string>> => {
  const drawn = new Map<string, string>()
  for (const { name, plot } of figuresOf(report)) drawn.set(name, await draw(plot))
  return drawn
}

const writeAll = async (
  report: ReportDocument,
  drawn: ReadonlyMap<string, string>,
  directory: string
): Promise<ReportFiles> => {
  const figures = join(directory, folder)
  await mkdir(figures, { recursive: true })
  for (const { name, description } of figuresOf(report)) {
    await write(join(figures, `${name}.svg`), standalone(drawn.get(name) ?? "", description))
  }
  await removeOthers(figures, new Set([...drawn.keys()].map((name) => `${name}.svg`)))
  const [html, markdown] = [join(directory, "report.html"), join(directory, "report.md")]
  await write(html, documentToHtml(report, drawn))
  await write(markdown, documentToMarkdown(report, folder))
  return { html, markdown, figures }
}

/**
 * Writes a benchmark's report into a folder: `report.html`, and `report.md` with its figures in `report/`.
 *
 * The same summary gives the same files, byte for byte. Fails with `StoreError` where the folder cannot be written.
 */
export const writeReport: (
  summary: BenchmarkSummary,
  directory: string
) => Effect.Effect<ReportFiles, StoreError> = Effect.fnUntraced(function* (
  summary: BenchmarkSummary,
  directory: string
) {
  const report = reportDocument(summary)
  const drawn = yield* Effect.promise(() => drawAll(report))
  return yield* Effect.tryPromise({
    try: () => writeAll(report, drawn, directory),
    catch: (cause) =>
      new StoreError({
        path: directory,
        message: `The report cannot be written to ${directory}: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: "Check that the folder can be written and that the disk has room.",
        cause
      })
  })
})
