/**
 * Packs the benchmark `gpu` into a file that needs neither network nor Node on the machine with the GPU:
 *
 *     npm install --no-save webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0
 *     npm run build && node tools/gpu/pack.ts gpu.tgz
 *
 * then, wherever the file was copied to, `tar xzf gpu.tgz && sh gpu/run`, with the benchmark's options. What it needs is found by
 * running it here once, on any Vulkan driver. Packs for the system that it runs on.
 */
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"

const file = process.argv[2]
if (file === undefined) {
  console.error("Give the file to write: node tools/gpu/pack.ts gpu.tgz")
  process.exit(2)
}
const root = join(import.meta.dirname, "..", "..")

/** Every file that the benchmark's processes load, in a log. */
const work = mkdtempSync(join(tmpdir(), "pack-"))
const [log, hook, target] = [join(work, "loaded"), join(work, "hook.mjs"), join(work, "gpu")]
writeFileSync(
  hook,
  `import { appendFileSync } from "node:fs"
import { registerHooks } from "node:module"
registerHooks({ load: (url, context, next) => (appendFileSync(${JSON.stringify(log)}, url + "\\n"), next(url, context)) })`
)
const options = ["--shape", "tiny", "--batches", "1", "--time", "32", "--steps", "1", "--software"]
const trial = spawnSync(process.execPath, [join(root, "bench", "gpu.ts"), ...options], {
  env: { ...process.env, NODE_OPTIONS: `--import ${hook}` },
  encoding: "utf8"
})
const loaded = existsSync(log) ? readFileSync(log, "utf8").split("\n") : []
if (trial.status !== 0 || trial.stdout.startsWith("skipped")) {
  rmSync(work, { recursive: true })
  console.error(`The benchmark does not run here: ${trial.stdout}${trial.stderr}`)
  process.exit(1)
}

/** Our packages are links in node_modules; the pack has no links. */
const place = (source: string): string => {
  const path = relative(root, source).split(sep).join("/")
  return path.replace(/^packages\/([^/]+)\//, "node_modules/@tracer-sdk/$1/")
}
const copy = (source: string): void => {
  const to = join(target, place(source))
  if (existsSync(to) || !existsSync(source)) return
  mkdirSync(dirname(to), { recursive: true })
  cpSync(source, to, { dereference: true })
}

const library = join("node_modules", "webgpu", "dist", `${process.platform}-${process.arch}`, "dawn.node")
copy(join(root, library))
for (const url of new Set(loaded.filter((line) => line.startsWith("file:")))) {
  const source = fileURLToPath(url)
  if (!source.startsWith(root)) continue
  copy(source)
  for (let folder = dirname(source); folder.startsWith(root); folder = dirname(folder)) {
    copy(join(folder, "package.json"))
  }
}
cpSync(process.execPath, join(target, "node"))
writeFileSync(join(target, "run"), 'cd "$(dirname "$0")" && exec ./node bench/gpu.ts "$@"\n')
const packed = spawnSync("tar", ["czf", file, "-C", work, "gpu"], { stdio: "inherit" })
rmSync(work, { recursive: true })
process.exit(packed.status ?? 1)
