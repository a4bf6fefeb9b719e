import type { EvaluatedSystem, EvaluationReport, RunSummary } from "@tracer-sdk/core"
import { fixed, percent, percentRange, pointsWithRange, relativeChange } from "./number.ts"
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
      `  than ${printable(baseline)} before`,
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

type Rate = EvaluationReport["correction"]

const rateText = ({ count, of }: Rate): string =>
  of === 0 ? "there were none" : `${count} of ${of} (${percent(count / of)})`

const reviewLines = (reviews: NonNullable<EvaluationReport["reviews"]>): ReadonlyArray<string> => {
  const { wrongGivenWrong, wrongGivenRight, precision, recall, balancedAccuracy, unreadable } = reviews
  const calledWrong = wrongGivenWrong.count + wrongGivenRight.count
  // A ratio without a denominator is reported as 0, which would read as a failure.
  const quality = [
    ...(calledWrong === 0 ? [] : [`precision ${percent(precision)}`]),
    ...(wrongGivenWrong.of === 0 ? [] : [`recall ${percent(recall)}`]),
    ...(wrongGivenWrong.of === 0 || wrongGivenRight.of === 0
      ? []
      : [`balanced accuracy ${percent(balancedAccuracy)}`])
  ]
  return [
    `Wrong answers called wrong:    ${rateText(wrongGivenWrong)}`,
    `Right answers called wrong:    ${rateText(wrongGivenRight)}`,
    `Reviews without a verdict:     ${unreadable}`,
    ...(quality.length === 0 ? [] : [`Finding wrong answers:         ${quality.join(", ")}`])
  ]
}

/** What a system's dialogues mended and broke, how its reviews fared, and what a task costs where that is known. */
export const renderReportDetail = (report: EvaluationReport, currency?: string): ReadonlyArray<string> => [
  ...(report.cost === undefined
    ? []
    : [
        `Cost per task:                 ${report.cost.toPrecision(3)} ${printable(currency ?? "")}`.trimEnd()
      ]),
  `Wrong first proposals mended:  ${rateText(report.correction)}`,
  `Right first proposals kept:    ${rateText(report.preservation)}`,
  ...(report.reviews === undefined ? [] : reviewLines(report.reviews)),
  `Dialogues without an answer:   ${report.unparsed}`
]
