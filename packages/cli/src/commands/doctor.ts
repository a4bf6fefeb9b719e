import { Console, Effect, Schema } from "effect"
import { Command } from "effect/cli"
import { noScreen, type ProgressScreen, standardError } from "../progress/show-progress.ts"
import { renderDoctor } from "../render/doctor.ts"
import { terminalLook } from "../terminal/terminal.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"

/** No backend works on this machine; the report says why. */
export class NoBackendError extends Schema.TaggedError<NoBackendError>()("NoBackendError", {
  message: Schema.String,
  hint: Schema.String
}) {}

/** Says on `screen` what is being examined, on one line where it can be redrawn. */
const examine = Effect.fnUntraced(function* (screen: ProgressScreen) {
  // The tensor library takes a second to load.
  const { examineMachine } = yield* Effect.promise(() => import("@tracer-sdk/trainers"))
  const erase = screen.redraws ? "\r\u001b[2K" : ""
  if (screen.redraws) yield* Effect.addFinalizer(() => Effect.sync(() => screen.write(erase)))
  return yield* examineMachine({
    onStep: ({ name, activity }) =>
      screen.write(`${erase}${activity} ${name}${screen.redraws ? " ..." : "\n"}`)
  })
}, Effect.scoped)

/** `tracer doctor`: which backends load on this machine, and how fast they train. */
export const doctorCommand = Command.make(
  "doctor",
  { json: flags.json },
  handler(
    Effect.fnUntraced(function* ({ json }: { readonly json: boolean }) {
      const { style, redraws } = yield* terminalLook
      const report = yield* examine(json ? noScreen : standardError(redraws))
      yield* Console.log(json ? JSON.stringify(report, null, 2) : renderDoctor(report, style))
      if (report.fastest !== null) return
      return yield* new NoBackendError({
        message: "No backend for training works on this machine.",
        hint: "The report says for each what is missing. Controllers learn without a backend: leave out the learner and use models behind an API."
      })
    })
  )
).pipe(
  Command.withShortDescription("See which backends train on this machine, and how fast"),
  Command.withDescription(
    paragraph(
      "Loads each backend that could train models here, in a process of its own, and times a training step of a small model on it, and the sampler: which work with what version, device and memory, why the others do not and how to get them, and which one backend: auto takes. Takes some seconds for each. Exit code 1 where no backend works."
    )
  ),
  Command.withExamples([
    { command: "tracer doctor", description: "Look at this machine" },
    { command: "tracer doctor --json", description: "The same for a program" }
  ])
)
