import type { EvaluatedSystem, EvaluationReport, RunSummary } from "@tracer-sdk/core"
import { counted, fixed, percent, percentRange, pointsWithRange, relativeChange } from "./number.ts"
import type { Style } from "./style.ts"
import { type Column, layOut, type Row } from "./table.ts"
import { indented, printable } from "./text.ts"

const columns: ReadonlyArray<Column> = [
  { heading: [""], align: "left", most: 24 },
  { heading: ["accuracy"], align: "right" },
  { heading: ["95% interval"], align: "right" },
  { heading: ["tokens", "per task"], align: "right" },
  { heading: ["calls", "per task"], align: "right" },
  { heading: ["wrong", "to right"], align: "right" },
  { heading: ["right", "to wrong"], align: "right" },
  { heading: ["no", "answer"], align: "right" }
]

const tokensOf = (report: EvaluationReport): number => report.promptTokens + report.completionTokens

const cells = (report: EvaluationReport): ReadonlyArray<string> => [
  `${report.belowChance ? "*" : " "} ${printable(report.system)}`,
  percent(report.accuracy.mean),
  percentRange(report.accuracy),
  fixed(tokensOf(report), 1),
  fixed(report.calls, 2),
  `${report.wrongToRight}/${report.correction.of}`,
  `${report.rightToWrong}/${report.preservation.of}`,
  String(report.unparsed)
]

const chanceNote = (reports: ReadonlyArray<EvaluationReport>): ReadonlyArray<string> =>
  reports.some((report) => report.belowChance) ? ["  * below what guessing among the choices would give"] : []

/** The table of evaluated systems, before and after learning: one line each, no wider than the page. */
export const renderSystems = (
  systems: ReadonlyArray<EvaluatedSystem>,
  style: Style
): ReadonlyArray<string> => {
  const section = (when: "before" | "after"): ReadonlyArray<Row> => {
    const found = systems.filter((system) => system.when === when)
    return found.length === 0
      ? []
      : [{ section: style.strong(`${when} learning`) }, ...found.map(({ report }) => cells(report))]
  }
  const table = layOut(columns, [...section("before"), ...section("after")])
  return [
    ...table.heading.map(style.faint),
    ...table.rows,
    ...chanceNote(systems.map(({ report }) => report))
  ]
}

/** The table's line for one system by itself. */
export const renderReportRow = (report: EvaluationReport, style: Style): ReadonlyArray<string> => {
  const table = layOut(columns, [cells(report)])
  return [...table.heading.map(style.faint), ...table.rows, ...chanceNote([report])]
}

const judgement = (low: number, high: number, style: Style): string =>
  low > 0 ? style.good("better") : high < 0 ? style.bad("worse") : style.faint("no clear difference")

/** What the trained team gained on each system before learning, paired by task. */
export const renderGains = (
  { gains, systems }: Pick<RunSummary, "gains" | "systems">,
  style: Style
): ReadonlyArray<string> => {
  const reportOf = (name: string, when: "before" | "after") =>
    systems.find((system) => system.when === when && system.report.system === name)?.report
  const rows = gains.map(({ system, baseline, difference }) => {
    const after = reportOf(system, "after")
    const before = reportOf(baseline, "before")
    const tokens =
      after === undefined || before === undefined
        ? undefined
        : relativeChange(tokensOf(after), tokensOf(before))
    return [
      `  than ${printable(baseline)}`,
      pointsWithRange(difference),
      tokens === undefined ? "" : `tokens ${tokens}`,
      judgement(difference.low, difference.high, style)
    ]
  })
  const [first] = gains
  if (first === undefined) return []
  return [
    style.strong(`How much more "${printable(first.system)}" gets right after learning`),
    ...layOut(
      [
        { heading: [], align: "left", most: 32 },
        { heading: [], align: "left" },
        { heading: [], align: "right" },
        { heading: [], align: "left" }
      ],
      rows
    ).rows,
    ...indented("The same tasks before and after, with the 95% interval of the paired difference.", 2).map(
      style.faint
    )
  ]
}

/** How a system's reviews fared, and how often each controller spoke where. */
export const renderReportDetail = (report: EvaluationReport): ReadonlyArray<string> => {
  const { reviews } = report
  const share = ({ count, of }: { readonly count: number; readonly of: number }) =>
    of === 0 ? "none of 0" : `${count} of ${of} (${percent(count / of)})`
  return [
    `Wrong first proposals mended:   ${share(report.correction)}`,
    `Right first proposals kept:     ${share(report.preservation)}`,
    ...(reviews === undefined
      ? []
      : [
          `Wrong answers called wrong:     ${share(reviews.wrongGivenWrong)}`,
          `Right answers called wrong:     ${share(reviews.wrongGivenRight)}`,
          `Reviews without a verdict:      ${reviews.unreadable}`,
          `Verdicts, "wrong" as positive:  precision ${percent(reviews.precision)}, recall ${percent(reviews.recall)}, balanced accuracy ${percent(reviews.balancedAccuracy)}`
        ]),
    `Dialogues without an answer:    ${counted(report.unparsed, "dialogue")} of ${report.tasks}`
  ]
}
