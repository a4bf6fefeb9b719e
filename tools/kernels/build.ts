/**
 * Compiles `packages/trainers/kernels/decode.as` (AssemblyScript) to WebAssembly and writes it, as text, into the module that
 * the sampler loads. To be run after a change of the kernels: `node tools/kernels/build.ts`.
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
const directory = mkdtempSync(join(tmpdir(), "kernels-"))
const binary = join(directory, "decode.wasm")
// The source is no TypeScript that our own tools could read, so it bears another ending than the compiler wants.
const source = join(directory, "decode.ts")
copyFileSync(join(root, "packages/trainers/kernels/decode.as"), source)
const features = ["--enable", "simd", "--enable", "relaxed-simd"]
const bare = ["--runtime", "stub", "--importMemory", "--noAssert", "--use", "abort="]
execFileSync(process.execPath, [compiler, source, "--outFile", binary, "-O3", ...bare, ...features], {
  stdio: "inherit"
})
const lines =
  readFileSync(binary)
    .toString("base64")
    .match(/.{1,96}/g) ?? []
const target = join(root, "packages/trainers/src/sampler/kernel-code.ts")
const body = lines.map((line) => `  "${line}"`).join(",\n")
writeFileSync(
  target,
  `/** Compiled from \`kernels/decode.as\` by \`tools/kernels/build.ts\`: a WebAssembly module in base64. */\nexport const kernelCode = [\n${body}\n].join("")\n`
)
rmSync(directory, { recursive: true })
