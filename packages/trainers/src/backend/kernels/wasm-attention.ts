import type * as tf from "@tensorflow/tfjs"
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm"
import type { ExtraKernel } from "./extra-kernel.ts"
import type { KernelPool } from "./kernel-pool.ts"
import { addKernel } from "./replace-kernel.ts"
import { requiredInput, wasm, wasmBackend } from "./wasm-kernel.ts"

const [floatBytes, panelWidth, queryBlock] = [4, 8, 64]
const toPanels = (count: number): number => Math.ceil(count / panelWidth) * panelWidth

/** Sizes of an attention, as the kernel's attributes have them. */
const sizeNames = ["batch", "time", "heads", "keyValueHeads", "headSize", "features", "window"] as const

/** Floats that a thread needs while it works on a head: they go with time, not with its square. */
function scratchFloats(time: number, headSize: number, gradient: boolean): number {
  const line = toPanels(time)
  const head = toPanels(headSize)
  const keys = time * headSize + line * headSize + time * head
  const block = queryBlock * (headSize + line)
  return gradient
    ? keys + line * headSize + time * headSize + block + queryBlock * (headSize + 2 * head + line)
    : keys + block
}

function run(
  pool: KernelPool,
  backend: BackendWasm,
  { inputs, attrs }: Parameters<tf.KernelFunc>[0],
  operands: ReadonlyArray<tf.TensorInfo>,
  gradient: boolean
): void {
  const [batch = 0, time = 0, heads = 0, keyValueHeads = 0, headSize = 0, features = 0, window = 0] =
    sizeNames.map((name) => Number(attrs?.[name]))
  const at = ({ dataId }: tf.TensorInfo): number => backend.getMemoryOffset(dataId)
  const optional = (name: string): number => (inputs[name] === undefined ? 0 : at(inputs[name]))
  const tables = ["queryStraight", "queryCrossed", "keyStraight", "keyCrossed"].map((name) =>
    requiredInput(inputs, name)
  )
  const tableBytes = tables[0]?.shape[0] === 1 ? 0 : time * headSize * floatBytes
  const each = scratchFloats(time, headSize, gradient)
  const scratch = backend.makeOutput([pool.threads, each], "float32")
  try {
    pool.run({
      kernel: gradient ? "attendGradient" : "attend",
      parts: batch * keyValueHeads,
      integers: [
        ...[time, heads, keyValueHeads, headSize, features / 2, window, tableBytes],
        ...tables.map(at),
        ...[optional("positions"), optional("branches"), at(scratch), each * floatBytes],
        ...operands.map(at)
      ]
    })
  } finally {
    backend.disposeData(scratch.dataId)
  }
}

const attention =
  (pool: KernelPool): tf.KernelFunc =>
  (parameters) => {
    const backend = wasmBackend(parameters.backend)
    const [queries, keys, values] = ["queries", "keys", "values"].map((name) =>
      requiredInput(parameters.inputs, name)
    )
    if (queries === undefined || keys === undefined || values === undefined) throw new Error("no operands")
    const out = backend.makeOutput([...queries.shape], "float32")
    run(pool, backend, parameters, [queries, keys, values, out], false)
    return [out]
  }

const attentionGrad =
  (pool: KernelPool): tf.KernelFunc =>
  (parameters) => {
    const backend = wasmBackend(parameters.backend)
    const given = ["queries", "keys", "values", "out", "dy"].map((name) =>
      requiredInput(parameters.inputs, name)
    )
    const gradients = given.slice(0, 3).map(({ shape }) => backend.makeOutput([...shape], "float32"))
    run(pool, backend, parameters, [...given, ...gradients], true)
    return gradients
  }

/**
 * Registers rotary causal attention with its gradient, both by blocks of queries: scores are never in memory as a whole, and what a
 * query cannot see is not computed.
 */
export function registerAttention(pool: KernelPool): void {
  const kernels: ReadonlyArray<readonly [ExtraKernel, tf.KernelFunc]> = [
    ["CausalAttention", attention(pool)],
    ["CausalAttentionGrad", attentionGrad(pool)]
  ]
  for (const [name, kernel] of kernels) addKernel(name, wasm, kernel)
}
