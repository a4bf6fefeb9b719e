/** Packs every published package and checks what a user would install: publint on its fields, attw on its types. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const root = join(import.meta.dirname, "../..")
const folder = mkdtempSync(join(tmpdir(), "tracer-packed-"))
const run = (command: string, ...args: ReadonlyArray<string>) =>
  execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })

let failures = 0
try {
  for (const name of readdirSync(join(root, "packages"))) {
    const packed: unknown = JSON.parse(
      run("npm", "pack", "--json", "--workspace", `packages/${name}`, "--pack-destination", folder)
    )
    const files = readdirSync(folder).filter((file) => file.startsWith(`tracer-sdk-${name}-`))
    const tarball = files[0]
    if (tarball === undefined) throw new Error(`npm pack made no file for ${name}: ${JSON.stringify(packed)}`)
    const path = join(folder, tarball)
    const manifest = readFileSync(join(root, "packages", name, "package.json"), "utf8")
    for (const [command, ...args] of [
      ["publint", "run", path, "--strict"],
      ["attw", path, "--profile", "esm-only"]
    ] as const) {
      try {
        console.log(run(command, ...args).trim())
      } catch (error) {
        failures += 1
        console.error(`${command} does not accept ${name}:`)
        if (error instanceof Error && "stdout" in error) console.error(String(error.stdout))
      }
    }
    if (!manifest.includes('"files"'))
      throw new Error(`packages/${name} does not say which files it publishes.`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = failures === 0 ? 0 : 1
