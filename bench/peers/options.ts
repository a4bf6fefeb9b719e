import { parseArgs } from "node:util"

/** What benchmarks can be told on the command line; each takes what concerns it. */
export interface BenchOptions {
  /** A Python with torch, transformers and peft, for the comparisons; without it they are left out. */
  readonly python?: string
  /** By default 2. */
  readonly threads: number
  /** The shape of the model: `small`, the default, or `qwen2-0.5b`. */
  readonly shape: string
}

/** Reads `--python PATH`, `--threads N` and `--shape NAME`. */
export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      python: { type: "string" },
      threads: { type: "string", default: "2" },
      shape: { type: "string", default: "small" }
    }
  })
  const { python, threads, shape } = values
  return { threads: Number(threads), shape, ...(python === undefined ? {} : { python }) }
}
