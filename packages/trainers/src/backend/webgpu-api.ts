import type * as tf from "@tensorflow/tfjs"

/** The parts of the WebGPU API that the loader uses; the package `webgpu` (Dawn) brings it to Node. */
export interface Gpu {
  requestAdapter(options: { readonly powerPreference: "high-performance" }): Promise<Adapter | null>
}

/** A GPU with its driver, or a driver that computes on the processor. */
export interface Adapter {
  readonly info: AdapterInfo
  readonly limits: Limits
  requestDevice(descriptor: { readonly requiredLimits: Record<string, number> }): Promise<Device>
}

export interface AdapterInfo {
  readonly vendor: string
  readonly description: string
  readonly isFallbackAdapter: boolean
}

export type Limits = Readonly<Record<string, number | undefined>>

export interface Device {
  readonly limits: Limits
  /** Called for what no call reports, within the call that is wrong. */
  onuncapturederror: ((event: { readonly error: Error | { readonly message: string } }) => void) | null
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>
  destroy(): void
}

/** The package `webgpu`. */
export interface Dawn {
  readonly create: (flags: ReadonlyArray<string>) => Gpu
  readonly globals: Readonly<Record<string, unknown>>
}

interface GpuBuffer {
  readonly size: number
  destroy(): void
}

/** Where the backend keeps its buffers: those of disposed tensors are kept, by size and usage, for tensors to come. */
export interface BufferManager {
  readonly freeBuffers: Map<string, Array<GpuBuffer>>
  numFreeBuffers: number
  readonly numBytesUsed: number
  numBytesAllocated: number
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GpuBuffer
}

/** The backend of `@tensorflow/tfjs-backend-webgpu`, with the parts of its inside that its guards need. */
export interface WebgpuBackend extends tf.KernelBackend {
  readonly bufferManager: BufferManager
  readonly tensorMap: {
    get(dataId: object): { readonly shape: ReadonlyArray<number>; readonly dtype: string }
  }
  /** Gives a tensor its buffer, before an operation reads or writes it. */
  uploadToGPU(dataId: object): void
}

/** The package `@tensorflow/tfjs-backend-webgpu`. */
export interface TfWebgpu {
  readonly WebGPUBackend: new (device: Device, info: AdapterInfo) => object
}

const has = (value: object, name: string, type: "function" | "object"): boolean => {
  const found: unknown = Reflect.get(value, name)
  return typeof found === type && found !== null
}

export const isDawn = (module: object): module is Dawn =>
  has(module, "create", "function") && has(module, "globals", "object")

export const isTfWebgpu = (module: object): module is TfWebgpu => has(module, "WebGPUBackend", "function")

export const isWebgpuBackend = (backend: object): backend is WebgpuBackend =>
  has(backend, "bufferManager", "object") &&
  has(backend, "tensorMap", "object") &&
  has(backend, "uploadToGPU", "function")
