import { parseArgs } from "node:util"

/**
 * The options that all benchmarks share: `--python PATH`, a Python with torch, transformers and peft for the comparisons (without
 * it they are left out), and `--threads N`, by default 2.
 */
export function benchOptions(): { readonly python?: string; readonly threads: number } {
  const { values } = parseArgs({
    options: { python: { type: "string" }, threads: { type: "string", default: "2" } }
  })
  return {
    threads: Number(values.threads),
    ...(values.python === undefined ? {} : { python: values.python })
  }
}
