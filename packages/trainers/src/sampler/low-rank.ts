import type { Adapter } from "../decoder/types.ts"
import { moduleName } from "../decoder/weight-shapes.ts"
import type { Heap } from "./heap.ts"
import { hostValues } from "./host-values.ts"
import { type Blocks, type Product, padded, panelWidth, placeOf } from "./layout.ts"
import { type Multiplier, multiply, type PackedMatrix, packMatrix } from "./packed-matrix.ts"

/** LoRA's change of a product (Hu et al. 2021): A of all its modules side by side, and each module's B. */
export interface LowRank {
  readonly down: PackedMatrix
  readonly ups: ReadonlyArray<{
    /** B, times `alpha / rank`. */
    readonly up: PackedMatrix
    /** Where the module's part of A's outputs begins, and where its own outputs do; in bytes. */
    readonly from: number
    readonly to: number
  }>
}

/** Numbers of the rows between A and B. */
export const lowRankWidth = ({ down }: LowRank): number => down.panels * panelWidth

const plain = (size: number): Blocks => ({ size, stride: size })

/** What `adapter` changes about a layer's product, packed; undefined where it leaves it alone. `blocks` is told of every block. */
export const packLowRank = async (
  heap: Heap,
  adapter: Adapter | undefined,
  layer: number,
  product: Product,
  blocks: Array<number>
): Promise<LowRank | undefined> => {
  if (adapter?.config.kind !== "lora") return undefined
  const { rank, alpha } = adapter.config
  const keep = (matrix: PackedMatrix): PackedMatrix => {
    blocks.push(matrix.block)
    return matrix
  }
  const changes = []
  for (const { module, from } of product.modules) {
    const name = moduleName(layer, module)
    const down = adapter.variables[`${name}.lora_A.weight`]
    const up = adapter.variables[`${name}.lora_B.weight`]
    if (down === undefined || up === undefined) continue
    const [outputs = 0] = up.shape
    changes.push({
      down: await hostValues(down),
      up: (await hostValues(up)).map((value) => value * (alpha / rank)),
      inputs: down.shape[1] ?? 0,
      first: placeOf(product.outputs, from),
      last: placeOf(product.outputs, from + outputs - 1)
    })
  }
  if (changes.length === 0) return undefined
  const ranks = { size: rank, stride: padded(rank) }
  const down = keep(
    packMatrix(
      heap,
      {
        inputs: product.inputs,
        outputs: ranks,
        inner: product.inner,
        columns: changes.length * ranks.stride
      },
      changes.map(({ down: values, inputs }, i) => ({ values, inputs, from: i * rank })),
      false
    )
  )
  const ups = changes.map(({ up: values, first, last }, i) => ({
    up: keep(
      packMatrix(
        heap,
        {
          inputs: plain(rank),
          outputs: product.outputs,
          inner: rank,
          columns: padded(last - first + 1)
        },
        [{ values, inputs: rank, from: 0 }],
        false
      )
    ),
    from: i * ranks.stride * 4,
    to: first * 4
  }))
  return { down, ups }
}

/** y += B A x for `rows` rows, by way of rows at `between`; strides in bytes. */
export const addLowRank = (
  multiplier: Multiplier,
  lowRank: LowRank,
  x: number,
  xStride: number,
  between: number,
  y: number,
  yStride: number,
  rows: number
): void => {
  const stride = lowRankWidth(lowRank) * 4
  multiply(multiplier, lowRank.down, x, xStride, between, stride, rows, false)
  for (const { up, from, to } of lowRank.ups) {
    multiply(multiplier, up, between + from, stride, y + to, yStride, rows, true)
  }
}
