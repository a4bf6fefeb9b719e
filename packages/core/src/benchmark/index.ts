export { BenchmarkResult, BenchmarkSummary, BenchmarkSystem } from "./benchmark-summary.ts"
