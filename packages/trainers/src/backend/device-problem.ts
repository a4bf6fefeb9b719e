/** What went wrong with a device where the work that it was given may be right: it needs less at once, or a new device. */
export type DeviceProblem = "out-of-memory" | "device-lost"

/**
 * How backends tell of each problem: V8 and the wasm guard, TensorFlow's status codes with CUDA's own texts, and WebGPU's error
 * names, which `webgpu.ts` keeps in its messages.
 */
const tellTales: ReadonlyArray<readonly [DeviceProblem, RegExp]> = [
  [
    "device-lost",
    /device was lost|DEVICE_LOST|CUDA_ERROR_(?!OUT_OF_MEMORY)\w+|CUDNN_STATUS_(?!ALLOC)\w+|GPU sync failed/i
  ],
  [
    "out-of-memory",
    /out[-_ ]?of[-_ ]?memory|\bOOM\b|RESOURCE_EXHAUSTED|TF_Status: 8\b|bad_alloc|_STATUS_ALLOC_FAILED|Dst tensor is not initialized|has no memory for|cannot take a \w+ tensor|Array buffer allocation failed|could not allocate/i
  ]
]

/** The texts of an error and of what caused it. */
function* textsOf(cause: unknown): Generator<string> {
  const seen = new Set<unknown>()
  for (let at = cause; typeof at === "object" && at !== null && !seen.has(at); ) {
    seen.add(at)
    if ("message" in at) yield String(at.message)
    at = "cause" in at ? at.cause : undefined
    if (typeof at === "string") yield at
  }
}

/** Whether an error says that a device ran out of memory or was lost; undefined where it says neither. */
export const deviceProblem = (cause: unknown): DeviceProblem | undefined => {
  for (const text of textsOf(cause)) {
    for (const [problem, pattern] of tellTales) if (pattern.test(text)) return problem
  }
  return undefined
}
