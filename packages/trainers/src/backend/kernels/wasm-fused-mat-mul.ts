import type * as tf from "@tensorflow/tfjs"
import { replaceKernel } from "./replace-kernel.ts"
import { requiredInput, runKernel, wasm, wasmBackend } from "./wasm-kernel.ts"

/** The kernel of each activation that `tf.fused.matMul` takes. */
const activations: ReadonlyMap<string, string> = new Map([
  ["relu", "Relu"],
  ["relu6", "Relu6"],
  ["sigmoid", "Sigmoid"],
  ["elu", "Elu"],
  ["leakyrelu", "LeakyRelu"],
  ["prelu", "Prelu"]
])

/** A fused product as a product, a sum and an activation. */
const fusedMatMul: tf.KernelFunc = ({ inputs, backend: anyBackend, attrs }) => {
  const backend = wasmBackend(anyBackend)
  const { transposeA = false, transposeB = false, activation = "linear", leakyreluAlpha } = attrs ?? {}
  const a = requiredInput(inputs, "a")
  const b = requiredInput(inputs, "b")
  const apply = (
    x: tf.TensorInfo,
    kernel: string,
    named: tf.NamedTensorInfoMap,
    options: tf.NamedAttrMap = {}
  ) => {
    const result = runKernel(backend, kernel, named, options)
    backend.disposeData(x.dataId)
    return result
  }

  let output = runKernel(backend, "BatchMatMul", { a, b }, { transposeA, transposeB })
  const bias = inputs.bias
  if (bias !== undefined) output = apply(output, "Add", { a: output, b: bias })
  if (activation === "linear") return output
  const kernel = activations.get(String(activation))
  if (kernel === undefined)
    throw new Error(`fused matMul on wasm knows no activation "${String(activation)}"`)
  if (kernel === "Prelu") {
    return apply(output, kernel, { x: output, alpha: requiredInput(inputs, "preluActivationWeights") })
  }
  return apply(output, kernel, { x: output }, kernel === "LeakyRelu" ? { alpha: leakyreluAlpha ?? 0.2 } : {})
}

/**
 * Replaces the wasm backend's fused product, which gives wrong numbers for batched or transposed operands with a bias
 * or an activation and an inner size above 48.
 */
export function registerFusedMatMul(): void {
  replaceKernel("_FusedMatMul", wasm, () => fusedMatMul)
}
