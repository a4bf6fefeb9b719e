import type * as tf from "@tensorflow/tfjs"
import { replaceKernel } from "./replace-kernel.ts"
import { requiredInput } from "./wasm-kernel.ts"

/** An attribute of one of TensorFlow's operations; types and values are numbers of its C interface. */
interface OperationAttribute {
  readonly name: string
  readonly type: number
  readonly value: number | boolean
}

/** What is used of the native backend. */
interface NativeBackend {
  readonly binding: Readonly<Record<"TF_ATTR_TYPE" | "TF_ATTR_BOOL" | "TF_FLOAT", number>>
  executeSingleOutput(
    name: string,
    attributes: ReadonlyArray<OperationAttribute>,
    inputs: ReadonlyArray<tf.TensorInfo>
  ): tf.Tensor
}

const isNative = (backend: object): backend is NativeBackend =>
  "executeSingleOutput" in backend && typeof backend.executeSingleOutput === "function"

const isMatrix = ({ shape, dtype }: tf.TensorInfo): boolean => shape.length === 2 && dtype === "float32"

const matMul =
  (stock: tf.KernelFunc): tf.KernelFunc =>
  (parameters) => {
    const { inputs, backend, attrs } = parameters
    const operands = [requiredInput(inputs, "a"), requiredInput(inputs, "b")]
    if (!isNative(backend) || !operands.every(isMatrix)) return stock(parameters)
    const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = backend.binding
    const attributes = [
      { name: "transpose_a", type: TF_ATTR_BOOL, value: attrs?.transposeA === true },
      { name: "transpose_b", type: TF_ATTR_BOOL, value: attrs?.transposeB === true },
      { name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT }
    ]
    return backend.executeSingleOutput("MatMul", attributes, operands)
  }

/**
 * Has single matrices multiplied by TensorFlow's MatMul: tfjs-node takes the batched operation for everything, which is slower for
 * narrow and for long products.
 */
export function registerNativeMatMul(): void {
  replaceKernel("BatchMatMul", "tensorflow", matMul)
}
