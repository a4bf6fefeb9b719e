import type * as tf from "@tensorflow/tfjs"
import { runExtraKernel } from "../backend/kernels/extra-kernel.ts"
import type { AttentionShape, AttentionTables } from "./attention.ts"
import { savedTensor, withGradient } from "./with-gradient.ts"

const tableNames = ["queryStraight", "queryCrossed", "keyStraight", "keyCrossed"] as const
const branchNames = ["positions", "branches"] as const

/** `attention` in one piece, on a backend that brings it. */
export const fusedAttention = (
  queries: tf.Tensor,
  keys: tf.Tensor,
  values: tf.Tensor,
  shape: AttentionShape,
  { queryRotation, keyRotation, window = 0, branches }: AttentionTables
): tf.Tensor => {
  const names = [...tableNames, ...(branches === undefined ? [] : branchNames)]
  const tables = [
    ...[queryRotation.straight, queryRotation.crossed, keyRotation.straight, keyRotation.crossed],
    ...(branches === undefined ? [] : [branches.positions, branches.numbers])
  ]
  const named = (tensors: ReadonlyArray<tf.Tensor>): tf.NamedTensorMap =>
    Object.fromEntries(names.map((name, i) => [name, savedTensor(tensors, i)]))
  const attributes = { ...shape, features: queryRotation.features, window }
  return withGradient(
    [queries, keys, values],
    (save) => {
      const inputs = { queries, keys, values, ...named(tables) }
      const out = savedTensor(runExtraKernel("CausalAttention", inputs, attributes), 0)
      save([queries, keys, values, out, ...tables])
      return out
    },
    (dy, saved) => {
      const inputs = {
        dy,
        queries: savedTensor(saved, 0),
        keys: savedTensor(saved, 1),
        values: savedTensor(saved, 2),
        out: savedTensor(saved, 3),
        ...named(saved.slice(4))
      }
      const gradients = runExtraKernel("CausalAttentionGrad", inputs, attributes)
      return gradients.map((gradient) => () => gradient)
    }
  )
}
