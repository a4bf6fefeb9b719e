import type * as tf from "@tensorflow/tfjs"
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm"
import type { ExtraKernel } from "./extra-kernel.ts"
import type { KernelPool } from "./kernel-pool.ts"
import { addKernel } from "./replace-kernel.ts"
import { requiredInput, wasm, wasmBackend } from "./wasm-kernel.ts"

/** A part works on about this many elements. */
const elementsOfPart = 16_384

/** What a kernel's function gets: its inputs by name, makers of outputs, and where a tensor lies. */
interface Call {
  readonly input: (name: string) => tf.TensorInfo
  readonly output: (shape: ReadonlyArray<number>) => tf.TensorInfo
  readonly at: (tensor: tf.TensorInfo) => number
  readonly attribute: (name: string) => number
}

type Fused = (pool: KernelPool, call: Call) => Array<tf.TensorInfo>

/** Rows, their width, and how many of them a part takes. */
function rowsOf({ shape }: tf.TensorInfo) {
  const [rows = 0, width = 0] = shape
  const each = Math.max(1, Math.round(elementsOfPart / Math.max(1, width)))
  return { rows, width, each, parts: Math.ceil(rows / each) }
}

const rmsNorm: Fused = (pool, { input, output, at, attribute }) => {
  const [x, scale] = [input("x"), input("scale")]
  const { rows, width, each, parts } = rowsOf(x)
  const [y, inverse] = [output(x.shape), output([rows, 1])]
  const integers = [at(x), at(scale), at(y), at(inverse), rows, width, each]
  pool.run({ kernel: "normalize", parts, integers, floats: [attribute("epsilon")] })
  return [y, inverse]
}

const rmsNormGrad: Fused = (pool, { input, output, at }) => {
  const x = input("x")
  const { rows, width, each, parts } = rowsOf(x)
  const dx = output(x.shape)
  const given = [input("dy"), x, input("inverse"), input("scale")].map(at)
  pool.run({ kernel: "normalizeGradient", parts, integers: [...given, at(dx), rows, width, each] })
  return [dx]
}

/** Elements, and the parts that they make. */
function elementsOf({ shape }: tf.TensorInfo) {
  const size = shape.reduce((product, length) => product * length, 1)
  return { size, parts: Math.ceil(size / elementsOfPart) }
}

const swiGlu: Fused = (pool, { input, output, at }) => {
  const [gate, up] = [input("gate"), input("up")]
  const { size, parts } = elementsOf(gate)
  const y = output(gate.shape)
  pool.run({ kernel: "gated", parts, integers: [at(gate), at(up), at(y), size, elementsOfPart] })
  return [y]
}

const swiGluGrad: Fused = (pool, { input, output, at }) => {
  const [dy, gate, up] = [input("dy"), input("gate"), input("up")]
  const { size, parts } = elementsOf(gate)
  const [dGate, dUp] = [output(gate.shape), output(gate.shape)]
  const integers = [...[dy, gate, up, dGate, dUp].map(at), size, elementsOfPart]
  pool.run({ kernel: "gatedGradient", parts, integers })
  return [dGate, dUp]
}

const scoreLogits: Fused = (pool, { input, output, at }) => {
  const logits = input("logits")
  const { rows, width, each, parts } = rowsOf(logits)
  const [exponentials, total, chosen] = [output(logits.shape), output([rows, 1]), output([rows])]
  const pointers = [logits, input("targets"), exponentials, total, chosen].map(at)
  pool.run({ kernel: "scoreLogits", parts, integers: [...pointers, rows, width, each] })
  return [exponentials, total, chosen]
}

/** A fused kernel as TensorFlow.js wants it. */
export const asKernel =
  (pool: KernelPool, fused: (pool: KernelPool, call: Call, backend: BackendWasm) => Array<tf.TensorInfo>) =>
  ({ inputs, backend: anyBackend, attrs }: Parameters<tf.KernelFunc>[0]): Array<tf.TensorInfo> => {
    const backend = wasmBackend(anyBackend)
    const call: Call = {
      input: (name) => requiredInput(inputs, name),
      output: (shape) => backend.makeOutput([...shape], "float32"),
      at: ({ dataId }) => backend.getMemoryOffset(dataId),
      attribute: (name) => Number(attrs?.[name] ?? Number.NaN)
    }
    return fused(pool, call, backend)
  }

/** Registers norm, gate and scores in one pass over memory each, where the stock backend takes several. */
export function registerFusedRows(pool: KernelPool): void {
  const kernels: ReadonlyArray<readonly [ExtraKernel, Fused]> = [
    ["RmsNorm", rmsNorm],
    ["RmsNormGrad", rmsNormGrad],
    ["SwiGlu", swiGlu],
    ["SwiGluGrad", swiGluGrad],
    ["ScoreLogits", scoreLogits]
  ]
  for (const [name, fused] of kernels) addKernel(name, wasm, asKernel(pool, fused))
}
