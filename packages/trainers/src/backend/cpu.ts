import * as tf from "@tensorflow/tfjs"
import type { Loaded } from "./backend.ts"
import { registerUnsortedSegmentSum } from "./kernels/unsorted-segment-sum.ts"

/** Loads the plain JavaScript backend, which runs everywhere and is the slowest by far. */
export async function loadCpu(): Promise<Loaded> {
  if (!(await tf.setBackend("cpu"))) throw new Error("the cpu backend did not initialise")
  registerUnsortedSegmentSum("cpu")
  // Its first tensor prints an advertisement; here the loader hears it, and nobody later.
  tf.scalar(0).dispose()
  return { detail: `tfjs-backend-cpu ${tf.version["tfjs-backend-cpu"]}, plain JavaScript` }
}
