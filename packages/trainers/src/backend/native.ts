import util from "node:util"
import * as tf from "@tensorflow/tfjs"
import { Option, Schema } from "effect"
import type { Loaded } from "./backend.ts"
import { registerNativeMatMul } from "./kernels/native-mat-mul.ts"
import { missing, reasonOf } from "./reason-of.ts"

/** The packages that bring TensorFlow itself, faster first; both are optional peers. */
const packages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const

/** What the native backend says about itself. */
const NativeBackend = Schema.Struct({
  isUsingGpuDevice: Schema.Boolean,
  binding: Schema.Struct({ TF_Version: Schema.String })
})

/** tfjs-node calls two functions of `node:util` that Node 23 removed, or warns of on standard error. */
function restoreUtil(): void {
  const modern = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray
  }
  for (const [name, value] of Object.entries(modern)) {
    Object.defineProperty(util, name, { value, configurable: true, writable: true })
  }
}

/**
 * Runs `load` with what TensorFlow reads from the environment when its library loads: how many threads to use, and to log errors alone
 * (level 2). What is set already stays as it is.
 */
async function withSettings<A>(threads: number | undefined, load: () => Promise<A>): Promise<A> {
  const settings = {
    TF_CPP_MIN_LOG_LEVEL: "2",
    ...(threads !== undefined && { TF_NUM_INTRAOP_THREADS: String(threads) })
  }
  const added = Object.entries(settings).filter(([name]) => process.env[name] === undefined)
  for (const [name, value] of added) process.env[name] = value
  try {
    return await load()
  } finally {
    for (const [name] of added) delete process.env[name]
  }
}

/** Loads TensorFlow through tfjs-node-gpu or tfjs-node; throws with the reason of each where neither is usable. */
export async function loadNative(threads?: number): Promise<Loaded> {
  restoreUtil()
  const failures: Array<{ readonly name: string; readonly reason: string }> = []
  for (const name of packages) {
    try {
      await withSettings(threads, () => import(name))
      if (!(await tf.setBackend("tensorflow"))) throw new Error("the tensorflow backend did not initialise")
      registerNativeMatMul()
      return { detail: `${name}, ${describe()}` }
    } catch (cause) {
      failures.push({ name, reason: reasonOf(cause) })
    }
  }
  // One of the two is enough: that the other is missing explains nothing.
  const installed = failures.filter(({ name, reason }) => reason !== missing(name))
  throw new Error(
    installed.length === 0
      ? `neither ${packages.join(" nor ")} is installed`
      : installed.map(({ name, reason }) => `${name}: ${reason}`).join("; ")
  )
}

function describe(): string {
  const backend = Schema.decodeUnknownOption(NativeBackend)(tf.backend())
  if (Option.isNone(backend)) return "TensorFlow of unknown version"
  const { binding, isUsingGpuDevice } = backend.value
  return `TensorFlow ${binding.TF_Version}, ${isUsingGpuDevice ? "GPU" : "CPU"}`
}
