export { type ReportFiles, writeReport } from "./write-report.ts"
