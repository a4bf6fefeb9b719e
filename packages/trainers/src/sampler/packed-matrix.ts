import { PolicyError } from "@tracer-sdk/core"
import type { Heap } from "./heap.ts"
import type { Helpers } from "./helpers.ts"
import type { Kernels } from "./kernels.ts"
import { type Blocks, panelWidth, placeOf } from "./layout.ts"

/** A weight in panels of 8 columns, as the kernels read it: `[panel][input][8]`. */
export interface PackedMatrix {
  readonly block: number
  readonly inner: number
  readonly panels: number
  /** Whether the numbers are bfloat16: columns 0 to 3 of a row are the low halves of four words, columns 4 to 7 the high halves. */
  readonly half: boolean
}

/** A weight `[outputs, inputs]` on its way into a matrix. */
export interface Part {
  readonly values: Float32Array
  readonly inputs: number
  /** The number of its first output among the matrix's outputs. */
  readonly from: number
}

/** How a matrix's numbers are spread. */
export interface MatrixShape {
  readonly inputs: Blocks
  readonly outputs: Blocks
  readonly inner: number
  /** Whole panels. */
  readonly columns: number
}

/** Bytes of a matrix. */
export const matrixBytes = (inner: number, columns: number, half: boolean): number =>
  inner * columns * (half ? 2 : 4)

const wordsOf = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length)

/** Whether every number is a bfloat16, so that nothing is lost by storing it as one. */
export const areHalves = (values: Float32Array): boolean => {
  const words = wordsOf(values)
  let lost = 0
  // An iterator or a callback takes twenty times as long for the hundreds of millions of numbers of a model.
  for (let i = 0; i < words.length && lost === 0; i++) lost = (words[i] ?? 0) & 0xffff
  return lost === 0
}

/** Puts a weight's row of `count` words into column `lane` of a panel. */
const scatter = (
  source: Uint32Array,
  first: number,
  count: number,
  rows: Uint32Array,
  panel: Uint32Array,
  lane: number,
  half: boolean
): void => {
  const to = half ? lane % 4 : lane
  const shift = half && lane < 4 ? 16 : 0
  for (let input = 0; input < count; input++) {
    const at = to + (rows[input] ?? 0)
    panel[at] = (panel[at] ?? 0) | ((source[first + input] ?? 0) >>> shift)
  }
}

/**
 * Puts weights side by side into panels, in the order of their outputs. They are stored as bfloat16 where `half` is true, which they
 * then have to be; columns and inputs that no weight has are zeros.
 */
export const packMatrix = (
  heap: Heap,
  { inputs, outputs, inner, columns }: MatrixShape,
  parts: ReadonlyArray<Part>,
  half: boolean
): PackedMatrix => {
  const bytes = matrixBytes(inner, columns, half)
  const block = heap.allocate(bytes)
  const words = heap.words()
  words.fill(0, block / 4, (block + bytes) / 4)
  const rowWords = half ? panelWidth / 2 : panelWidth
  // Panel by panel, for columns come in ascending order, and scattered writes are fast in a small array alone.
  const panel = new Uint32Array(inner * rowWords)
  let current = 0
  const flush = () => words.set(panel, block / 4 + current * panel.length)
  for (const { values, inputs: count, from } of parts) {
    const source = wordsOf(values)
    const rows = Uint32Array.from({ length: count }, (_, input) => rowWords * placeOf(inputs, input))
    for (let output = 0; output * count < source.length; output++) {
      const column = placeOf(outputs, from + output)
      const index = Math.floor(column / panelWidth)
      if (index !== current) {
        flush()
        panel.fill(0)
        current = index
      }
      scatter(source, output * count, count, rows, panel, column % panelWidth, half)
    }
  }
  flush()
  return { block, inner, panels: columns / panelWidth, half }
}

/** Copies a column, which is an embedding's row, to block `to`. */
export const copyColumn = (
  heap: Heap,
  { block, inner, half }: PackedMatrix,
  column: number,
  to: number
): void => {
  const words = heap.words()
  const rowWords = half ? panelWidth / 2 : panelWidth
  const lane = column % panelWidth
  const from = block / 4 + Math.floor(column / panelWidth) * inner * rowWords + (half ? lane % 4 : lane)
  for (let i = 0; i < inner; i++) {
    const word = words[from + i * rowWords] ?? 0
    words[to / 4 + i] = half ? (lane < 4 ? word << 16 : word & 0xffff_0000) : word
  }
}

/** Products of fewer terms are done before another thread is awake. */
const worthSharing = 2 ** 20

/** What multiplies: the kernels, and the threads that help where there are any. */
export interface Multiplier {
  readonly kernels: Kernels
  readonly helpers?: Helpers
}

/** y = x W, or y += x W where `add` is true, for `rows` rows; strides in bytes. Throws `PolicyError` where a helping thread fails. */
export const multiply = (
  { kernels, helpers }: Multiplier,
  { block, inner, panels, half }: PackedMatrix,
  x: number,
  xStride: number,
  y: number,
  yStride: number,
  rows: number,
  add: boolean
): void => {
  const parameters = [x, xStride, block, y, yStride, rows, inner, panels, add ? 1 : 0]
  const mailbox = rows * inner * panels * panelWidth < worthSharing ? undefined : helpers?.mailbox()
  if (mailbox !== undefined) {
    if (kernels.multiplyTogether(mailbox, half ? 1 : 0, ...parameters) === 1) return
    helpers?.dismiss()
    throw new PolicyError({
      message: "A helping thread of the sampler failed in the middle of a product.",
      hint: "Ask again: from now on one thread works alone, with the same draws.",
      retryable: true
    })
  }
  if (half) kernels.multiplyHalf(...parameters)
  else kernels.multiply(...parameters)
}
