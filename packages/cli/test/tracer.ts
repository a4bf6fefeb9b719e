import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as NodeServices from "@effect/platform-node/NodeServices"
import type { AnyPlugin } from "@tracer-sdk/core"
import { Console, Effect } from "effect"
import { exitCodeAfter, tracerProgram } from "../src/main.ts"

const bin = fileURLToPath(new URL("../bin/tracer.js", import.meta.url))
const built = fileURLToPath(new URL("../dist/bin.js", import.meta.url))

/** How a run of the command ended, and what it printed. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

// What npm tells its scripts would change how the command names itself.
const { npm_command: _, ...environment } = process.env

/** Starts the built `tracer` command as users do; `stop` is Ctrl-C, `printed` what it has written so far. */
export const startTracer = (
  folder: string,
  ...args: ReadonlyArray<string>
): {
  readonly ended: Promise<Ended>
  readonly stop: () => void
  readonly printed: { readonly stdout: string; readonly stderr: string }
} => {
  if (!existsSync(built)) throw new Error("The command is not built: run tsc -b first.")
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"]
  })
  const printed = { stdout: "", stderr: "" }
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      printed[stream] += text
    })
  }
  return {
    printed,
    stop: () => void child.kill("SIGINT"),
    ended: new Promise((resolve, reject) => {
      child.on("error", reject)
      child.on("close", (code) => resolve({ code, ...printed }))
    })
  }
}

/** Runs the built `tracer` command to its end. */
export const tracer = (folder: string, ...args: ReadonlyArray<string>): Promise<Ended> =>
  startTracer(folder, ...args).ended

/** Runs the command within this process, which saves loading everything anew; progress is not recorded. */
export const tracerHere = (plugins: ReadonlyArray<AnyPlugin>, ...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const printed = { stdout: "", stderr: "" }
    const recorder = {
      ...globalThis.console,
      log: (text: string) => {
        printed.stdout += `${text}\n`
      },
      error: (text: string) => {
        printed.stderr += `${text}\n`
      }
    }
    const exit = yield* tracerProgram(plugins, args).pipe(
      Effect.provideService(Console.Console, recorder),
      Effect.provide(NodeServices.layer),
      Effect.exit
    )
    return { code: exitCodeAfter(exit), ...printed }
  })
