import type * as TensorFlow from "@tensorflow/tfjs"

/** The engines that can run the tensors, fastest trainer first. */
export const backendNames = ["tensorflow", "webgpu", "wasm", "cpu"] as const

/** One of the engines that can run the tensors. */
export type BackendName = (typeof backendNames)[number]

/** The API of TensorFlow.js, the same on every backend. */
export type Tf = typeof TensorFlow

/** A backend that did not load, and why. */
export interface Rejection {
  readonly name: BackendName
  readonly reason: string
}

/** What the loader of one backend reports once it is the engine's current backend. */
export interface Loaded {
  readonly detail: string
  /** Without it there is no limit short of memory. */
  readonly largestTensorBytes?: number
}

/** The loaded engine. TensorFlow.js keeps one engine per process, so the last one loaded runs every tensor. */
export interface Backend {
  readonly name: BackendName
  readonly tf: Tf
  /** What exactly was loaded: package, version, device. */
  readonly detail: string
  /** Bytes of the largest tensor that an operation can take or give; infinite where memory alone decides. */
  readonly largestTensorBytes: number
  /** The faster backends that were tried before this one, each with the reason why it did not load. */
  readonly why: ReadonlyArray<Rejection>
}
