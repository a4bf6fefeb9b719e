/**
 * Packs every published package and checks what a user would install: publint on its fields, attw on its types, and the
 * unpacked command itself on the model that ships.
 */
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "../..")
// Below node_modules, so that the unpacked packages find their dependencies, and each other before the workspace's.
const cache = join(root, "node_modules/.cache")
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(cache, "packed-"))
const run = (command: string, ...args: ReadonlyArray<string>) =>
  execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })

const outputOf = (error: unknown): string =>
  error instanceof Error && "stdout" in error ? String(error.stdout) : String(error)

const failures: Array<string> = []
const check = (what: string, command: string, ...args: ReadonlyArray<string>): void => {
  try {
    run(command, ...args)
    console.log(`ok      ${what}`)
  } catch (error) {
    failures.push(what)
    console.error(`FAILED  ${what}\n${outputOf(error)}`)
  }
}

try {
  for (const name of readdirSync(join(root, "packages"))) {
    run("npm", "pack", "--silent", "--workspace", `packages/${name}`, "--pack-destination", folder)
    const tarball = readdirSync(folder).find((file) => file.startsWith(`tracer-sdk-${name}-`))
    if (tarball === undefined) throw new Error(`npm pack made no file for ${name}.`)
    const path = join(folder, tarball)
    check(`${name}: publint`, "publint", "run", path, "--strict")
    check(`${name}: types`, "attw", path, "--profile", "esm-only")
    const unpacked = join(folder, "node_modules/@tracer-sdk", name)
    mkdirSync(unpacked, { recursive: true })
    run("tar", "-xzf", path, "-C", unpacked, "--strip-components=1")
  }
  const tracer = join(folder, "node_modules/@tracer-sdk/cli/bin/tracer.js")
  const config = join(folder, "team.json")
  const tasks = { use: "arithmetic", split: "train", count: 2 }
  writeFileSync(
    config,
    JSON.stringify({
      agents: [
        { name: "ada", policy: "nano" },
        { name: "bob", policy: "nano" }
      ],
      policies: { nano: { use: "local", backend: "wasm" } },
      learner: { use: "gspo" },
      sampling: { maxTokens: 16 },
      tasks: { train: tasks }
    })
  )
  const out = join(folder, "run")
  check(
    "cli: the unpacked command trains",
    process.execPath,
    tracer,
    "train",
    "--config",
    config,
    "--out",
    out
  )
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = failures.length === 0 ? 0 : 1
