import {
  choiceLetter,
  type Dataset,
  type DatasetLock,
  type DownloadProgress,
  type FetchedDataset,
  graderFor,
  type Task
} from "@tracer-sdk/core"
import { Option } from "effect"
import { bytes, counted, percent } from "./number.ts"
import type { Style } from "./style.ts"
import { layOut } from "./table.ts"
import { indented, printable, shorten } from "./text.ts"

/** A published data set's split, and what was fetched of it. */
export interface KnownSplit {
  readonly dataset: Dataset
  readonly split: string
  readonly tasks: number
  readonly fetched: { readonly file: string; readonly lock: DatasetLock } | undefined
}

/** The data sets that are known by name, with what is there of them. */
export const renderDatasets = (folder: string, splits: ReadonlyArray<KnownSplit>, style: Style): string => {
  const { heading, rows } = layOut(
    [
      { heading: ["data set"], align: "left" },
      { heading: ["split"], align: "left" },
      { heading: ["tasks"], align: "right" },
      { heading: ["licence"], align: "left", most: 24 },
      { heading: ["fetched"], align: "left" }
    ],
    splits.map(({ dataset, split, tasks, fetched }) => [
      dataset.name,
      split,
      tasks.toLocaleString("en"),
      dataset.licence,
      fetched === undefined ? "no" : bytes(fetched.lock.bytes)
    ])
  )
  const about = [...new Set(splits.map(({ dataset }) => dataset))].flatMap((dataset) => [
    "",
    style.strong(dataset.name),
    ...indented(`${dataset.about}. ${dataset.source}. Licence: ${dataset.licence}.`, 2),
    ...indented(dataset.homepage, 2)
  ])
  return [
    ...heading.map(style.faint),
    ...rows,
    ...about,
    "",
    `Fetched data sets are in ${printable(folder)}.`
  ].join("\n")
}

/** What a fetch came to. */
export const renderFetched = (
  fetched: FetchedDataset,
  cache: Option.Option<string>,
  style: Style
): string => {
  const place = Option.match(cache, { onNone: () => "", onSome: (folder) => `, cache: ${folder}` })
  const { name, split, file, lock, tasks, expected, present } = fetched
  const whole =
    tasks === expected
      ? counted(tasks, "task")
      : `${counted(tasks, "task")}, where the publisher's file has ${expected.toLocaleString("en")}`
  return [
    `${style.good(present ? "There already" : "Fetched")}: ${name} ${split}, ${whole}, ${bytes(lock.bytes)}`,
    `  file     ${printable(file)}`,
    `  from     ${printable(lock.source)}`,
    `  SHA-256  ${lock.sha256}`,
    "",
    `In a configuration: { use: ${name}, split: ${split}${place} }`
  ].join("\n")
}

/** How far a download is, on one line. */
export const renderDownload = (what: string, progress: DownloadProgress, width: number): string => {
  const { received, total } = progress
  const share =
    total === undefined || total === 0
      ? bytes(received)
      : `${bytes(received)} of ${bytes(total)}, ${percent(received / total)}`
  return shorten(printable(`fetching ${what}: ${share}`), width)
}

/** Tasks as a person reads them, with what their grader makes of the gold answers. */
export const renderTasks = (tasks: ReadonlyArray<Task>, total: number, style: Style): string => {
  const blocks = tasks.map((task) => {
    const grader = graderFor(task)
    const gold = task.gold === undefined ? undefined : grader.gold(task.gold)
    const read =
      gold === undefined
        ? style.bad("none")
        : gold.kind === "answer"
          ? `${style.good(printable(gold.answer.canonical))}, read by the ${grader.name} grader`
          : style.bad(`unreadable by the ${grader.name} grader: ${printable(gold.reason)}`)
    return [
      style.strong(`task ${printable(task.id)}`),
      ...indented(printable(task.question), 2),
      ...(task.choices ?? []).flatMap((choice, i) =>
        indented(`${choiceLetter(i)}) ${printable(choice)}`, 4, 3)
      ),
      `  gold: ${read}`
    ].join("\n")
  })
  return [...blocks, `${tasks.length} of ${counted(total, "task")}`].join("\n\n")
}
