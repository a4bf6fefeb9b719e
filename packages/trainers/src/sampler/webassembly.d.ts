/** The part of WebAssembly's interface that the sampler needs; Node's types have none and the browser's bring the whole page. */
declare namespace WebAssembly {
  class Memory {
    constructor(limits: { readonly initial: number; readonly maximum?: number; readonly shared?: boolean })
    readonly buffer: ArrayBuffer | SharedArrayBuffer
    grow(pages: number): number
  }
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>)
    /** Every export of our kernels is a function of numbers. */
    readonly exports: Readonly<Record<string, (...parameters: Array<number>) => number>>
  }
}
