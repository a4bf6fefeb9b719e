import * as tf from "@tensorflow/tfjs"
import type { Loaded } from "./backend.ts"
import { type Adapter, type Dawn, type Gpu, isDawn, isTfWebgpu, isWebgpuBackend } from "./webgpu-api.ts"
import { boundIdleMemory, type DeviceWatch, guardMemory, guardReads, watchDevice } from "./webgpu-guard.ts"

/** The limits that decide how large a tensor may be; without a request a device gets 128 MiB whatever it could. */
const limits = [
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX"
] as const

// The names are values so that the compiler does not look for the optional peers.
const packages: { readonly dawn: string; readonly backend: string } = {
  dawn: "webgpu",
  backend: "@tensorflow/tfjs-backend-webgpu"
}

/** What was loaded, and whether its device still works. */
interface Held extends DeviceWatch {
  readonly loaded: Loaded
  readonly software: boolean
}

const held = new WeakMap<object, Held>()

/** Puts WebGPU where a browser has it. The tfjs backend looks for it while it is imported. */
function provideGpu({ create, globals }: Dawn): Gpu {
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  }
  const gpu = create([])
  if (!("navigator" in globalThis))
    Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true })
  Object.defineProperty(globalThis.navigator, "gpu", { value: gpu, configurable: true })
  return gpu
}

const requiredLimits = (adapter: Adapter): Record<string, number> => {
  const required: Record<string, number> = {}
  for (const name of limits) {
    const limit = adapter.limits[name]
    if (limit !== undefined) required[name] = limit
  }
  return required
}

const refuseSoftware = (description: string): never => {
  throw new Error(`the adapter is software, slower than wasm (${description})`)
}

/**
 * Loads WebGPU through Dawn; throws where there is no adapter, or only a software one and it is not `allowed`.
 *
 * A device that still works is kept, and its tensors with it.
 */
export async function loadWebgpu(allowSoftware: boolean): Promise<Loaded> {
  const current = tf.findBackend("webgpu")
  const before = current === null ? undefined : held.get(current)
  if (before !== undefined && before.failure() === undefined) {
    if (before.software && !allowSoftware) refuseSoftware(before.loaded.detail)
    await tf.setBackend("webgpu")
    return before.loaded
  }

  const dawn: object = await import(packages.dawn)
  if (!isDawn(dawn)) throw new Error(`the package ${packages.dawn} has an unexpected shape`)
  const adapter = await provideGpu(dawn).requestAdapter({ powerPreference: "high-performance" })
  if (adapter === null) {
    throw new Error(
      "there is no WebGPU adapter: neither a GPU nor a driver for it (Vulkan, Metal or Direct3D 12)"
    )
  }
  const { info } = adapter
  const software = info.isFallbackAdapter
  if (software && !allowSoftware) refuseSoftware(info.description)

  const device = await adapter.requestDevice({ requiredLimits: requiredLimits(adapter) })
  const tfWebgpu: object = await import(packages.backend)
  const backend: object = isTfWebgpu(tfWebgpu) ? new tfWebgpu.WebGPUBackend(device, info) : tfWebgpu
  if (!isWebgpuBackend(backend)) throw new Error(`the package ${packages.backend} has an unexpected shape`)
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits
  const largestTensorBytes = Math.min(
    maxStorageBufferBindingSize ?? Number.POSITIVE_INFINITY,
    maxBufferSize ?? Number.POSITIVE_INFINITY
  )
  const watch = watchDevice(device)
  guardReads(backend, watch)
  guardMemory(backend, watch, largestTensorBytes)
  boundIdleMemory(backend)

  if (tf.findBackendFactory("webgpu") !== null) tf.removeBackend("webgpu")
  tf.registerBackend("webgpu", () => backend)
  if (!(await tf.setBackend("webgpu"))) throw new Error("the webgpu backend did not initialise")
  const detail = `Dawn on ${info.description || info.vendor}${software ? " (software)" : ""}`
  const loaded: Loaded = { detail, largestTensorBytes }
  held.set(backend, { ...watch, loaded, software })
  return loaded
}
