import { Schema } from "effect"
import { backendNames } from "../backend/index.ts"

/** What is examined: each backend, and the sampler with its own kernels. */
export const probeNames = [...backendNames, "sampler"] as const
export type ProbeName = (typeof probeNames)[number]

/** How fast something ran, in milliseconds and tokens, without padding. */
export const Speed = Schema.Struct({
  /** The first run, in which kernels are compiled and memory is taken. */
  firstMilliseconds: Schema.Finite,
  /** The median of the runs after it. */
  milliseconds: Schema.Finite,
  tokensPerSecond: Schema.Finite
})
export type Speed = typeof Speed.Type

/** Something that works here. */
const Usable = Schema.Struct({
  usable: Schema.Literal(true),
  name: Schema.Literals(probeNames),
  /** Package, versions, device, threads. */
  detail: Schema.String,
  /** What bounds its memory. */
  memory: Schema.String,
  speed: Speed,
  /** What could be better. */
  note: Schema.optionalKey(Schema.String)
})

/** Something that does not work here. */
const Unusable = Schema.Struct({
  usable: Schema.Literal(false),
  name: Schema.Literals(probeNames),
  /** Whether it loads all the same, so that `auto` takes it. */
  loads: Schema.Boolean,
  reason: Schema.String,
  /** How to get it. */
  remedy: Schema.String
})

/** What was found out about a backend or the sampler. */
export const Finding = Schema.Union([Usable, Unusable])
export type Finding = typeof Finding.Type
export type Usable = typeof Usable.Type

/** What training could use on this machine. */
export const DoctorReport = Schema.Struct({
  machine: Schema.Struct({
    node: Schema.String,
    /** As in `linux x64`. */
    system: Schema.String,
    processor: Schema.String,
    /** Threads that this process may use at once. */
    threads: Schema.Int,
    memoryBytes: Schema.Finite
  }),
  /** In the order in which `auto` tries them. */
  backends: Schema.Array(Finding),
  sampler: Finding,
  /** The backend that `auto` takes, the first that loads, whether it then works or not; none where none loads. */
  auto: Schema.NullOr(Schema.Literals(backendNames)),
  /** The backend with the fastest step; none where no backend works. */
  fastest: Schema.NullOr(Schema.Literals(backendNames))
})
export type DoctorReport = typeof DoctorReport.Type

/** What a probe's process tells of its work; `reason` where it cannot go on. */
export const ProbeMessage = Schema.Union([
  Schema.Struct({ type: Schema.Literal("loaded") }),
  Schema.Struct({
    type: Schema.Literal("done"),
    detail: Schema.String,
    memory: Schema.String,
    speed: Speed
  }),
  Schema.Struct({ type: Schema.Literal("failed"), reason: Schema.String })
])
export type ProbeMessage = typeof ProbeMessage.Type
