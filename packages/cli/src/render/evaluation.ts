import type { EvaluationReport } from "@tracer-sdk/core"
import { describeInfo } from "./learned.ts"
import { counted, percent } from "./number.ts"
import type { Style } from "./style.ts"
import { page } from "./summary.ts"
import { renderReportDetail, renderReportRow } from "./systems.ts"
import { indented, printable } from "./text.ts"

/** What a saved team did on tasks, for a person; `currency` is what its costs are in. */
export const renderEvaluation = (report: EvaluationReport, style: Style, currency?: string): string =>
  page([
    [style.strong(`${printable(report.system)} on ${counted(report.tasks, "task")}`)],
    renderReportRow(report, style),
    renderReportDetail(report, currency),
    report.speakRates.length === 0
      ? []
      : [
          style.strong("Who spoke when"),
          ...report.speakRates.flatMap(({ controller, info, spoke, of }) =>
            indented(
              `${printable(controller)}, when ${describeInfo(info)}: ${spoke} of ${of} (${percent(spoke / Math.max(1, of))})`,
              2,
              2
            )
          )
        ]
  ])
