/// <reference path="./webassembly.d.ts" />

const pageBytes = 65_536
const alignment = 64

/** The most bytes that a WebAssembly memory can have. */
export const largestMemory = 2 ** 32

/** Bytes as a reader likes them. */
export const inMebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString("en")} MiB`

/** What an allocation throws that the memory has no room for; nothing else is changed by it. */
export class HeapFull extends Error {
  override readonly name = "HeapFull"
}

/** Blocks of a WebAssembly memory, by their byte offsets. */
export interface Heap {
  /** A block of at least `bytes` bytes, zeros when fresh, else whatever lay there before. Throws `HeapFull` where there is no room. */
  allocate(bytes: number): number
  free(block: number): void
  /** Bytes in blocks. */
  used(): number
  /** The whole memory as floats, by offset / 4; to be asked for again after an allocation, which may move the memory. */
  floats(): Float32Array
  /** The same memory as 32-bit words. */
  words(): Uint32Array
}

interface Gap {
  start: number
  end: number
}

/** A first-fit allocator over `memory`; offset 0 is never handed out. */
export const makeHeap = (memory: WebAssembly.Memory): Heap => {
  const sizes = new Map<number, number>()
  // The last bytes of all stay free: a pointer to the end of a block there would be 0.
  const usableBytes = (): number => Math.min(memory.buffer.byteLength, largestMemory - alignment)
  const gaps: Array<Gap> = [{ start: alignment, end: usableBytes() }]
  let used = 0
  let floats = new Float32Array(memory.buffer)
  let words = new Uint32Array(memory.buffer)

  const release = (start: number, end: number): void => {
    let at = 0
    while (at < gaps.length && (gaps[at]?.start ?? 0) < start) at++
    const before = gaps[at - 1]
    const after = gaps[at]
    if (before !== undefined && before.end === start) {
      before.end = end
      if (after !== undefined && after.start === end) {
        before.end = after.end
        gaps.splice(at, 1)
      }
    } else if (after !== undefined && after.start === end) after.start = start
    else gaps.splice(at, 0, { start, end })
  }

  const take = (size: number): number | undefined => {
    const at = gaps.findIndex(({ start, end }) => end - start >= size)
    const gap = gaps[at]
    if (gap === undefined) return undefined
    const { start } = gap
    gap.start += size
    if (gap.start === gap.end) gaps.splice(at, 1)
    return start
  }

  const grow = (size: number): void => {
    const end = usableBytes()
    const last = gaps.at(-1)
    const missing = size - (last?.end === end ? end - last.start : 0)
    // At least an eighth more at a time, as far as there is as much: growing can copy the memory.
    const pages = Math.ceil(Math.max(missing, Math.min(end / 8, largestMemory - end)) / pageBytes)
    try {
      memory.grow(pages)
    } catch (cause) {
      throw new HeapFull(
        `${inMebibytes(size)} do not fit beside ${inMebibytes(used)} in memory of at most ${inMebibytes(largestMemory)}`,
        { cause }
      )
    }
    release(end, usableBytes())
  }

  return {
    allocate: (bytes) => {
      const size = Math.max(1, Math.ceil(bytes / alignment)) * alignment
      let block = take(size)
      if (block === undefined) {
        grow(size)
        block = take(size)
      }
      if (block === undefined) throw new HeapFull(`no room for ${bytes} bytes after growing`)
      sizes.set(block, size)
      used += size
      return block
    },
    free: (block) => {
      const size = sizes.get(block)
      if (size === undefined) throw new Error(`Block ${block} is not allocated.`)
      sizes.delete(block)
      used -= size
      release(block, block + size)
    },
    used: () => used,
    floats: () => {
      if (floats.buffer !== memory.buffer) floats = new Float32Array(memory.buffer)
      return floats
    },
    words: () => {
      if (words.buffer !== memory.buffer) words = new Uint32Array(memory.buffer)
      return words
    }
  }
}
