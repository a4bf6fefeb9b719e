// The process that `tracer doctor` starts for each backend, so that one that crashes takes nothing along.
import { argv } from "node:process"
import { Schema } from "effect"
import { BackendError } from "../backend/backend-error.ts"
import { reasonOf } from "../backend/reason-of.ts"
import { type ProbeMessage, probeNames } from "./report.ts"

/** Resolves when the message is on its way: the process may end then. */
const tell = (message: ProbeMessage): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined) resolve(console.log(message))
    else process.send(message, () => resolve())
  })

const [name] = Schema.decodeUnknownSync(Schema.Tuple([Schema.Literals(probeNames)]))(argv.slice(2))

const whyOf = (cause: unknown): string =>
  cause instanceof BackendError && cause.why !== undefined
    ? cause.why.map(({ reason }) => reason).join("; ")
    : reasonOf(cause)

try {
  // Loaded here, so that what cannot be loaded is told as well.
  const { probeBackend, probeSampler } = await import("./probes.ts")
  await (name === "sampler" ? probeSampler(tell) : probeBackend(name, tell))
} catch (cause) {
  await tell({ type: "failed", reason: whyOf(cause) })
}
// A device, or threads, would keep the process.
process.exit()
