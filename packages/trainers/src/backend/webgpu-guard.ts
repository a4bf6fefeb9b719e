import type { Device, WebgpuBackend } from "./webgpu-api.ts"

const mebibyte = 1_048_576

/** Listens for what a device says that no call reports. */
export interface DeviceWatch {
  /** The first error of the device, after which no value can be trusted. */
  readonly failure: () => string | undefined
}

/** Keeps the first error that no call sees. WebGPU tells of memory that has run out, and of a lost device, in no other way. */
export function watchDevice(device: Device): DeviceWatch {
  let failure: string | undefined
  device.onuncapturederror = ({ error }) => {
    failure ??= `${error.constructor.name}: ${error.message.trim()}`
  }
  device.lost.then(({ reason, message }) => {
    failure ??= `the device was lost (${reason}): ${message.trim()}`
  })
  return { failure: () => failure }
}

function requireTrust({ failure }: DeviceWatch, cause?: unknown): void {
  const message = failure()
  if (message === undefined) return
  throw new Error(`WebGPU failed, so no value since can be trusted: ${message}`, { cause })
}

/** Makes every read fail once the device has failed: it would give stale values without an error. */
export function guardReads(backend: WebgpuBackend, watch: DeviceWatch): void {
  const [read, readSync] = [backend.read.bind(backend), backend.readSync.bind(backend)]
  backend.read = async (dataId) => {
    try {
      const values = await read(dataId)
      requireTrust(watch)
      return values
    } catch (cause) {
      // That the device is lost may be known only after the read has failed for it.
      await new Promise(setImmediate)
      requireTrust(watch, cause)
      throw cause
    }
  }
  backend.readSync = (dataId) => {
    requireTrust(watch)
    return readSync(dataId)
  }
}

/**
 * Makes an operation fail when a tensor of it gets its memory: where the tensor is larger than what operations can see, with its
 * shape, and where the device has failed.
 */
export function guardMemory(backend: WebgpuBackend, watch: DeviceWatch, largestTensorBytes: number): void {
  const upload = backend.uploadToGPU.bind(backend)
  backend.uploadToGPU = (dataId) => {
    const { shape, dtype } = backend.tensorMap.get(dataId)
    const bytes = shape.reduce((size, length) => size * length, 4)
    if (bytes > largestTensorBytes) {
      throw new Error(
        `WebGPU cannot take a ${dtype} tensor of shape [${shape}] (${Math.ceil(bytes / mebibyte)} MiB): this device ` +
          `binds at most ${Math.floor(largestTensorBytes / mebibyte)} MiB. Use a smaller batch, shorter sequences ` +
          "or a model with a smaller vocabulary, or another backend."
      )
    }
    try {
      upload(dataId)
    } catch (cause) {
      requireTrust(watch, cause)
      throw cause
    }
    requireTrust(watch)
  }
}

/** Idle memory that is always kept. */
const spared = 256 * mebibyte

/**
 * Frees memory of disposed tensors before new memory is asked for, so that no more lies idle than is in use.
 *
 * The backend reuses a buffer only for a tensor of just its size, and never frees one: batches of many lengths would fill any GPU.
 */
export function boundIdleMemory({ bufferManager }: WebgpuBackend): void {
  const acquire = bufferManager.acquireBuffer.bind(bufferManager)
  bufferManager.acquireBuffer = (size, usage, mappedAtCreation, reuse) => {
    const { freeBuffers, numBytesUsed } = bufferManager
    const fits = reuse !== false && (freeBuffers.get(`${size}_${usage}`)?.length ?? 0) > 0
    if (!fits) freeIdle(bufferManager, Math.max(spared, numBytesUsed) - size)
    return acquire(size, usage, mappedAtCreation, reuse)
  }
}

/** Destroys idle buffers, of the sizes that were seen first before others, until at most `most` bytes of them are left. */
function freeIdle(manager: WebgpuBackend["bufferManager"], most: number): void {
  for (const buffers of manager.freeBuffers.values()) {
    for (;;) {
      if (manager.numBytesAllocated - manager.numBytesUsed <= most) return
      const buffer = buffers.pop()
      if (buffer === undefined) break
      buffer.destroy()
      manager.numFreeBuffers--
      manager.numBytesAllocated -= buffer.size
    }
  }
}
