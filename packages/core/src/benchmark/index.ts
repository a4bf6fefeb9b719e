export {
  BenchmarkConfig,
  type BenchmarkConfigInput,
  BudgetConfig,
  decodeBenchmarkConfig,
  readBenchmarkConfig
} from "./benchmark-config.ts"
export { BenchmarkResult, BenchmarkSummary, BenchmarkSystem } from "./benchmark-summary.ts"
export { NotableDialogue } from "./cell-result.ts"
export { Ledger } from "./ledger.ts"
export { notableDialogues } from "./notable-dialogues.ts"
export { planBenchmark } from "./plan-benchmark.ts"
export { type ResponseCache, type ResponseStore, responseCache } from "./response-cache.ts"
export { type BenchmarkNews, type BenchmarkRun, benchmarkFiles, runBenchmark } from "./run-benchmark.ts"
