import * as tf from "@tensorflow/tfjs"
import type { Loaded } from "./backend.ts"

/** The parts of the WebGPU API that the loader uses; the package `webgpu` (Dawn) brings it to Node. */
interface Gpu {
  requestAdapter(options: { readonly powerPreference: "high-performance" }): Promise<Adapter | null>
}

interface Adapter {
  readonly info: AdapterInfo
  readonly limits: Readonly<Record<string, number | undefined>>
  requestDevice(descriptor: { readonly requiredLimits: Record<string, number> }): Promise<Device>
}

interface AdapterInfo {
  readonly vendor: string
  readonly description: string
  readonly isFallbackAdapter: boolean
}

interface Device {
  onuncapturederror: ((event: { readonly error: { readonly message: string } }) => void) | null
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>
}

interface Dawn {
  readonly create: (flags: ReadonlyArray<string>) => Gpu
  readonly globals: Readonly<Record<string, unknown>>
}

interface TfWebgpu {
  readonly WebGPUBackend: new (device: Device, info: AdapterInfo) => tf.KernelBackend
}

const hasFunction = (value: object, name: string): boolean => typeof Reflect.get(value, name) === "function"

function isDawn(module: object): module is Dawn {
  return hasFunction(module, "create") && typeof Reflect.get(module, "globals") === "object"
}

const isTfWebgpu = (module: object): module is TfWebgpu => hasFunction(module, "WebGPUBackend")

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

/**
 * Makes every later read fail once the device has reported an error that no call saw. WebGPU tells a tensor that is
 * too large, or memory that has run out, in no other way, and the reads would give stale values.
 */
function failReads(backend: tf.KernelBackend, device: Device): void {
  let failure: string | undefined
  device.onuncapturederror = ({ error }) => {
    failure ??= error.message
  }
  device.lost.then(({ reason, message }) => {
    failure ??= `the device was lost (${reason}): ${message}`
  })
  const [read, readSync] = [backend.read.bind(backend), backend.readSync.bind(backend)]
  const check = <A>(values: A): A => {
    if (failure === undefined) return values
    throw new Error(`WebGPU failed, so no value since can be trusted: ${failure}`)
  }
  backend.read = async (dataId) => check(await read(dataId))
  backend.readSync = (dataId) => check(readSync(dataId))
}

/** Loads WebGPU through Dawn; throws where there is no adapter, or only a software one and it is not `allowed`. */
export async function loadWebgpu(allowSoftware: boolean): Promise<Loaded> {
  const dawn: object = await import(packages.dawn)
  if (!isDawn(dawn)) throw new Error(`the package ${packages.dawn} has an unexpected shape`)
  const gpu = provideGpu(dawn)
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" })
  if (adapter === null) throw new Error("there is no WebGPU adapter")
  const { info } = adapter
  if (info.isFallbackAdapter && !allowSoftware)
    throw new Error(`the adapter is software (${info.description})`)

  const requiredLimits: Record<string, number> = {}
  for (const name of limits) {
    const limit = adapter.limits[name]
    if (limit !== undefined) requiredLimits[name] = limit
  }
  const device = await adapter.requestDevice({ requiredLimits })
  const tfWebgpu: object = await import(packages.backend)
  if (!isTfWebgpu(tfWebgpu)) throw new Error(`the package ${packages.backend} has an unexpected shape`)
  const backend = new tfWebgpu.WebGPUBackend(device, info)
  failReads(backend, device)
  if (tf.findBackendFactory("webgpu") !== null) tf.removeBackend("webgpu")
  tf.registerBackend("webgpu", () => backend)
  if (!(await tf.setBackend("webgpu"))) throw new Error("the webgpu backend did not initialise")
  return {
    detail: `Dawn on ${info.description || info.vendor}${info.isFallbackAdapter ? " (software)" : ""}`
  }
}
