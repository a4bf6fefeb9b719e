/** How a batched product of matrices is laid out: `[...batch, rows, inner] x [...batch, inner, columns]`. */
export interface ProductLayout {
  readonly rows: number
  readonly inner: number
  readonly columns: number
  /** The broadcast batch dimensions. */
  readonly batch: ReadonlyArray<number>
  readonly batchSize: number
  /** For each item of the broadcast batch, which item of the left operand it reads. */
  readonly leftItem: (item: number) => number
  /** For each item of the broadcast batch, which item of the right operand it reads. */
  readonly rightItem: (item: number) => number
}

const product = (shape: ReadonlyArray<number>): number => shape.reduce((size, length) => size * length, 1)

/** Which item of an operand with batch dimensions `own` an item of the broadcast batch reads. */
function itemOf(own: ReadonlyArray<number>, batch: ReadonlyArray<number>): (item: number) => number {
  const size = product(own)
  if (size === 1) return () => 0
  if (size === product(batch)) return (item) => item
  const padded = [...Array<number>(batch.length - own.length).fill(1), ...own]
  return (item) => {
    let rest = item
    let index = 0
    let stride = 1
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      const length = batch[axis] ?? 1
      const ownLength = padded[axis] ?? 1
      if (ownLength > 1) index += (rest % length) * stride
      stride *= ownLength
      rest = Math.floor(rest / length)
    }
    return index
  }
}

function broadcast(
  left: ReadonlyArray<number>,
  right: ReadonlyArray<number>
): ReadonlyArray<number> | undefined {
  const rank = Math.max(left.length, right.length)
  const batch: number[] = []
  for (let axis = 0; axis < rank; axis++) {
    const a = left[left.length - rank + axis] ?? 1
    const b = right[right.length - rank + axis] ?? 1
    if (a !== b && a !== 1 && b !== 1) return undefined
    batch.push(a === 1 ? b : a)
  }
  return batch
}

/**
 * The layout of the product of two tensors of matrices, after their transposition.
 *
 * Throws where the inner dimensions differ or the batch dimensions cannot be broadcast.
 */
export function productLayout(
  left: ReadonlyArray<number>,
  right: ReadonlyArray<number>,
  transposeLeft: boolean,
  transposeRight: boolean
): ProductLayout {
  const [leftLast, leftBeforeLast] = [left.at(-1) ?? 1, left.at(-2) ?? 1]
  const [rightLast, rightBeforeLast] = [right.at(-1) ?? 1, right.at(-2) ?? 1]
  const inner = transposeLeft ? leftBeforeLast : leftLast
  const leftBatch = left.slice(0, -2)
  const rightBatch = right.slice(0, -2)
  const batch = broadcast(leftBatch, rightBatch)
  if (batch === undefined || inner !== (transposeRight ? rightLast : rightBeforeLast)) {
    const name = (shape: ReadonlyArray<number>, transposed: boolean) =>
      `[${shape}]${transposed ? " transposed" : ""}`
    throw new Error(
      `matMul of ${name(left, transposeLeft)} and ${name(right, transposeRight)}: ` +
        (batch === undefined ? "the batch dimensions cannot be broadcast" : "the inner dimensions differ")
    )
  }
  return {
    rows: transposeLeft ? leftLast : leftBeforeLast,
    inner,
    columns: transposeRight ? rightBeforeLast : rightLast,
    batch,
    batchSize: product(batch),
    leftItem: itemOf(leftBatch, batch),
    rightItem: itemOf(rightBatch, batch)
  }
}
