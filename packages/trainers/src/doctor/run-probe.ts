import { type ChildProcess, fork } from "node:child_process"
import { extname } from "node:path"
import { Effect, Option, Schema } from "effect"
import { noteFor, remedyFor } from "./remedy.ts"
import { type Finding, ProbeMessage, type ProbeName } from "./report.ts"

/** How long a probe may take: a GPU's driver can hang. */
const limit = "3 minutes"

const script = new URL(`./probe${extname(import.meta.url)}`, import.meta.url)

/** What a process wrote on why it ended: the first line that names an error, or else its last lines. */
const lastWords = (text: string): string => {
  const lines = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]))
  const error = lines.find((line) => /error|terminate called|what\(\)|fatal|abort/i.test(line))
  return (error ?? lines.slice(-3).join(" ")).slice(0, 400)
}

/** Fails with the reason why it does not work. */
const start = (name: ProbeName, onLoaded: () => void) =>
  Effect.callback<Finding, string>((resume) => {
    const child: ChildProcess = fork(script, [name], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: []
    })
    const finish = (outcome: Effect.Effect<Finding, string>) => {
      // It has told all: a driver that hangs while it is shut down would keep its process, and so this one.
      child.kill("SIGKILL")
      resume(outcome)
    }
    let told = ""
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      told = (told + text).slice(-4_000)
    })
    child.on("message", (value) => {
      const message = Option.getOrUndefined(Schema.decodeUnknownOption(ProbeMessage)(value))
      if (message === undefined) return
      const { type } = message
      if (type === "loaded") return onLoaded()
      if (type === "failed") return finish(Effect.fail(message.reason))
      const { detail, memory, speed } = message
      const note = noteFor(detail)
      const found: Finding = { usable: true, name, detail, memory, speed }
      finish(Effect.succeed(note === undefined ? found : { ...found, note }))
    })
    child.on("error", ({ message }) => finish(Effect.fail(message)))
    child.on("close", (code, signal) =>
      finish(Effect.fail(`its process ended with ${signal ?? `code ${code}`}: ${lastWords(told)}`))
    )
    return Effect.sync(() => void child.kill("SIGKILL"))
  })

/**
 * Loads and times a backend, or the sampler, in a process of its own, which ends with the fiber. `onLoaded` is called before it is
 * timed.
 */
export const runProbe = (name: ProbeName, onLoaded: () => void): Effect.Effect<Finding> =>
  Effect.suspend(() => {
    let loads = false
    const probe = start(name, () => {
      loads = true
      onLoaded()
    })
    return probe.pipe(
      Effect.timeoutOrElse({ duration: limit, orElse: () => Effect.fail(`no answer within ${limit}`) }),
      Effect.catch((reason) =>
        Effect.succeed<Finding>({ usable: false, name, loads, reason, remedy: remedyFor(name, reason) })
      )
    )
  })
