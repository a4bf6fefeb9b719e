/**
 * Compiles `packages/trainers/kernels/*.as` (AssemblyScript) to WebAssembly and writes each, as text, into the module that loads it.
 * To be run after a change of the kernels: `node tools/kernels/build.ts`.
 */
import { execFileSync } from "node:child_process"
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))
const compiler = join(
  dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")),
  "bin",
  "asc.js"
)
const features = ["--enable", "simd", "--enable", "relaxed-simd"]
const bare = ["--runtime", "stub", "--importMemory", "--noAssert", "--use", "abort="]
/** Kernels run in memory that threads share; those of training in the backend's. */
const shared = ["--enable", "threads", "--sharedMemory", "--maximumMemory", "65536"]

const kernels = [
  { source: "decode", target: "sampler/kernel-code.ts" },
  { source: "train", target: "backend/kernels/kernel-code.ts" }
]

const directory = mkdtempSync(join(tmpdir(), "kernels-"))
for (const { source, target } of kernels) {
  // The source is no TypeScript that our own tools could read, so it bears another ending than the compiler wants.
  const copy = join(directory, `${source}.ts`)
  const binary = join(directory, `${source}.wasm`)
  copyFileSync(join(root, "packages/trainers/kernels", `${source}.as`), copy)
  const parameters = [compiler, copy, "--outFile", binary, "-O3", ...bare, ...features, ...shared]
  execFileSync(process.execPath, parameters, { stdio: "inherit" })
  const lines =
    readFileSync(binary)
      .toString("base64")
      .match(/.{1,96}/g) ?? []
  const body = lines.map((line) => `  "${line}"`).join(",\n")
  writeFileSync(
    join(root, "packages/trainers/src", target),
    `/** Compiled from \`kernels/${source}.as\` by \`tools/kernels/build.ts\`: a WebAssembly module in base64. */\nexport const kernelCode = [\n${body}\n].join("")\n`
  )
}
rmSync(directory, { recursive: true })
