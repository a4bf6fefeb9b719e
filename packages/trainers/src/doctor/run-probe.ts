import { type ChildProcess, fork } from "node:child_process"
import { extname } from "node:path"
import { Effect, Option, Schema } from "effect"
import { noteFor, remedyFor } from "./remedy.ts"
import { type Finding, ProbeMessage, type ProbeName } from "./report.ts"

/** How long a probe may take: a GPU's driver can hang. */
const limit = "3 minutes"

/** How a probe goes about its work. */
export interface ProbeOptions {
  /** Whether a GPU that is computed by the processor may be taken. */
  readonly allowSoftwareGpu: boolean
  /** Called when the backend is loaded, before it is timed. */
  readonly onLoaded: (detail: string) => void
}

const script = new URL(`./probe${extname(import.meta.url)}`, import.meta.url)

/** What a process wrote on why it ended: the first line that names an error, or else its last lines. */
const lastWords = (text: string): string => {
  const lines = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]))
  const error = lines.find((line) => /error|terminate called|what\(\)|fatal|abort/i.test(line))
  return (error ?? lines.slice(-3).join(" ")).slice(0, 400)
}

const start = (name: ProbeName, { allowSoftwareGpu, onLoaded }: ProbeOptions) =>
  Effect.callback<Finding>((resume) => {
    const child: ChildProcess = fork(script, [name, allowSoftwareGpu ? "software" : "hardware"], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: []
    })
    let told = ""
    let loaded = false
    const fail = (reason: string) =>
      resume(Effect.succeed({ usable: false, name, reason, remedy: remedyFor(name, reason) }))
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      told = (told + text).slice(-4_000)
    })
    child.on("message", (value) => {
      const message = Option.getOrUndefined(Schema.decodeUnknownOption(ProbeMessage)(value))
      if (message === undefined) return
      const { type } = message
      if (type === "failed") return fail(message.reason)
      if (type === "done") {
        const { detail, memory, speed } = message
        const note = noteFor(detail)
        const found: Finding = { usable: true, name, detail, memory, speed }
        return resume(Effect.succeed(note === undefined ? found : { ...found, note }))
      }
      loaded = true
      onLoaded(message.detail)
    })
    child.on("error", ({ message }) => fail(message))
    child.on("close", (code, signal) =>
      fail(
        `its process ended with ${signal ?? `code ${code}`} ${loaded ? "in a training step" : "while loading"}: ${lastWords(told)}`
      )
    )
    return Effect.sync(() => void child.kill("SIGKILL"))
  })

/** Loads and times a backend, or the sampler, in a process of its own, which ends with the fiber. */
export const runProbe = (name: ProbeName, options: ProbeOptions): Effect.Effect<Finding> =>
  Effect.timeoutOrElse(start(name, options), {
    duration: limit,
    orElse: () => {
      const reason = `no answer within ${limit}`
      return Effect.succeed<Finding>({ usable: false, name, reason, remedy: remedyFor(name, reason) })
    }
  })
