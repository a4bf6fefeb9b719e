import * as tf from "@tensorflow/tfjs"
import { addKernel } from "./replace-kernel.ts"
import { requiredInput } from "./wasm-kernel.ts"

/** An attribute of one of TensorFlow's operations that is a type; numbers as in its C interface. */
interface TypeAttribute {
  readonly name: string
  readonly type: number
  readonly value: number
}

/** What is used of the native backend. */
interface NativeBackend {
  readonly binding: Readonly<Record<"TF_ATTR_TYPE" | "TF_FLOAT" | "TF_INT32", number>>
  executeMultipleOutputs(
    name: string,
    attributes: ReadonlyArray<TypeAttribute>,
    inputs: ReadonlyArray<tf.TensorInfo>,
    outputs: number
  ): Array<tf.Tensor>
}

const isNative = (backend: object): backend is NativeBackend =>
  "executeMultipleOutputs" in backend && typeof backend.executeMultipleOutputs === "function"

const name = "SparseSoftmaxCrossEntropyWithLogits"

const crossEntropy: tf.KernelFunc = ({ inputs, backend }) => {
  if (!isNative(backend)) throw new Error("a kernel of the native backend was called with another backend")
  const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding
  const types = [
    { name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: "Tlabels", type: TF_ATTR_TYPE, value: TF_INT32 }
  ]
  const operands = [requiredInput(inputs, "logits"), requiredInput(inputs, "targets")]
  return backend.executeMultipleOutputs(name, types, operands, 2)
}

/** Registers TensorFlow's cross-entropy with its gradient in one pass, which TensorFlow.js leaves out. */
export function registerNativeCrossEntropy(): void {
  if (tf.getKernel(name, "tensorflow") === undefined) addKernel(name, "tensorflow", crossEntropy)
}
