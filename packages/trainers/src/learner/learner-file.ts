import { join } from "node:path"
import type { LearnerError } from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import { loadAdapter, saveAdapter } from "../adapter/index.ts"
import type { Adapter, Decoder } from "../decoder/index.ts"
import { ModelError } from "../files/model-error.ts"
import { readJson } from "../files/read-file.ts"
import { writeJson } from "../files/write-file.ts"
import type { Adam, AdamState } from "../optimizer/index.ts"
import { type HostTensor, readSafetensors, writeSafetensors } from "../safetensors/index.ts"

/** An (agent, role) that has learned: its adapter, its optimizer, and how many updates it has had. */
export interface Student {
  readonly agent: string
  readonly role: string
  readonly decoder: Decoder
  readonly adapter: Adapter
  readonly adam: Adam
  updates: number
}

const version = 1
const natural = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

const LearnerFile = Schema.Struct({
  version: Schema.Literal(version),
  students: Schema.Array(
    Schema.Struct({
      agent: Schema.String,
      role: Schema.String,
      updates: natural,
      steps: natural,
      skippedSteps: natural
    })
  )
})

const fileName = "learner.json"
const optimizerFile = "optimizer.safetensors"
const firstPrefix = "exp_avg."
const secondPrefix = "exp_avg_sq."
const hint = "Give the folder that the gspo learner wrote, whole and unchanged."

const toTensors = (adapter: Adapter, state: AdamState): ReadonlyMap<string, HostTensor> => {
  const tensors = new Map<string, HostTensor>()
  for (const [name, { shape }] of Object.entries(adapter.variables)) {
    tensors.set(`${firstPrefix}${name}`, { shape, values: state.firstMoments[name] ?? new Float32Array() })
    tensors.set(`${secondPrefix}${name}`, { shape, values: state.secondMoments[name] ?? new Float32Array() })
  }
  return tensors
}

const momentsUnder = (
  prefix: string,
  tensors: ReadonlyMap<string, HostTensor>
): Record<string, Float32Array> =>
  Object.fromEntries(
    [...tensors].flatMap(([name, { values }]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), values]] : []
    )
  )

/** Writes `learner.json`, and for each student a folder with its adapter in PEFT's layout and its optimizer's moments. */
export const saveStudents = Effect.fnUntraced(function* (
  students: ReadonlyArray<Student>,
  directory: string
): Effect.fn.Return<void, ModelError> {
  for (const { adapter, adam } of students) {
    const folder = join(directory, adapter.name)
    yield* saveAdapter(adapter, folder)
    const path = join(folder, optimizerFile)
    const state = yield* Effect.tryPromise({
      try: () => adam.state(),
      catch: (cause) =>
        new ModelError({
          message: `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
          hint: "The optimizer's state cannot be read from its device. Resume the run in a new process: it goes on from its last checkpoint.",
          path,
          cause
        })
    })
    yield* writeSafetensors(path, toTensors(adapter, state), "float32")
  }
  yield* writeJson(join(directory, fileName), {
    version,
    students: students.map(({ agent, role, updates, adam }) => ({
      agent,
      role,
      updates,
      steps: adam.steps,
      skippedSteps: adam.skipped
    }))
  })
})

/** Reads what `saveStudents` wrote; `studentOf` finds or makes the student of an (agent, role), which then goes on as if never stopped. */
export const loadStudents = Effect.fnUntraced(function* (
  directory: string,
  studentOf: (agent: string, role: string) => Effect.Effect<Student, LearnerError>
): Effect.fn.Return<void, ModelError | LearnerError> {
  const file = yield* readJson(LearnerFile, join(directory, fileName), hint)
  for (const { agent, role, updates, steps, skippedSteps } of file.students) {
    const student = yield* studentOf(agent, role)
    const folder = join(directory, student.adapter.name)
    const path = join(folder, optimizerFile)
    const tensors = yield* readSafetensors(path, hint)
    yield* loadAdapter(student.adapter, student.decoder.config, folder)
    yield* Effect.try({
      try: () =>
        student.adam.restore({
          steps,
          skipped: skippedSteps,
          firstMoments: momentsUnder(firstPrefix, tensors),
          secondMoments: momentsUnder(secondPrefix, tensors)
        }),
      catch: (cause) =>
        new ModelError({
          message: `${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
          hint,
          path,
          cause
        })
    })
    student.updates = updates
  }
})
