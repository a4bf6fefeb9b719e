/// <reference path="./webassembly.d.ts" />
import { kernelCode } from "./kernel-code.ts"

/** A function of `kernels/decode.as`; pointers and strides in bytes. */
type Kernel = (...parameters: Array<number>) => number

/** The compiled kernels, and the memory that they work in. */
export interface Kernels {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** (x, xStride, packed, y, yStride, rows, inner, panels, add) */
  readonly multiply: Kernel
  /** As `multiply`, of weights in bfloat16. */
  readonly multiplyHalf: Kernel
  /** (mailbox, half, and the parameters of `multiply`), with the help of threads: 1, or 0 where one of them failed */
  readonly multiplyTogether: Kernel
  /** (mailbox) */
  readonly fail: Kernel
  /** (mailbox) */
  readonly dismiss: Kernel
  /** (vector, y, yStride, rows, bytes) */
  readonly addToRows: Kernel
  /** (to, from, bytes) */
  readonly copy: Kernel
  /** (x, scale, y, stride, rows, width, epsilon) */
  readonly normalize: Kernel
  /** (x, heads, stride, half, cosines, sines) */
  readonly rotate: Kernel
  /** (x, stride, y, rows, width) */
  readonly activate: Kernel
  /** (scores, count, factor): the sum */
  readonly exponentiate: Kernel
  /**
   * (queries, out, keyValueHeads, group, headSize, sharedKeys, sharedValues, sharedCount, ownKeys, ownValues, ownCount, scores,
   * factor)
   */
  readonly attend: Kernel
}

/** An instance of the kernels with a memory of its own. */
export const makeKernels = (): Kernels => {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65_536, shared: true })
  const module = new WebAssembly.Module(Buffer.from(kernelCode, "base64"))
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  const kernel = (name: string): Kernel => {
    const found = exports[name]
    if (found === undefined) throw new Error(`The kernels lack ${name}: run tools/kernels/build.ts.`)
    return found
  }
  return {
    module,
    memory,
    multiply: kernel("multiply"),
    multiplyHalf: kernel("multiplyHalf"),
    multiplyTogether: kernel("multiplyTogether"),
    fail: kernel("fail"),
    dismiss: kernel("dismiss"),
    addToRows: kernel("addToRows"),
    copy: kernel("copy"),
    normalize: kernel("normalize"),
    rotate: kernel("rotate"),
    activate: kernel("activate"),
    exponentiate: kernel("exponentiate"),
    attend: kernel("attend")
  }
}
