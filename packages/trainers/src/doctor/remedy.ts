import type { ProbeName } from "./report.ts"

/** Texts of failures with what helps against them; the first that matches counts. */
type Remedies = ReadonlyArray<readonly [RegExp, string]>

const cpuPackage = "npm install @tensorflow/tfjs-node@4.22.0"

const cudaNeeds =
  "@tensorflow/tfjs-node-gpu wants an NVIDIA driver, CUDA 11.2 and cuDNN 8.1, on LD_LIBRARY_PATH."

const native: Remedies = [
  [
    /lib(cuda|cudart|cublas\w*|cudnn|cufft|curand|cusolver|cusparse)\b|CUDA/i,
    `${cudaNeeds} Or train on the processor: npm uninstall @tensorflow/tfjs-node-gpu && ${cpuPackage}`
  ],
  [
    /tfjs_binding|libtensorflow|napi-v\d/,
    "The package is there, its library is not: its install script did not run or could not download. Allow scripts and run it again: npm rebuild @tensorflow/tfjs-node (or @tensorflow/tfjs-node-gpu)"
  ],
  [/SIGILL/, "TensorFlow needs a processor with AVX; wasm does not."],
  [
    /is installed/,
    `${cpuPackage} (or @tensorflow/tfjs-node-gpu@4.22.0, with an NVIDIA GPU, CUDA 11.2 and cuDNN 8.1)`
  ]
]

const webgpu: Remedies = [
  [/is not installed/, "npm install webgpu@^0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0"],
  [/adapter is software/, "It needs a GPU, and its driver: what there is computes on the processor."],
  [
    /no WebGPU adapter/,
    "It needs a GPU and its driver; on Debian and Ubuntu: apt install libvulkan1 mesa-vulkan-drivers (AMD, Intel), or NVIDIA's driver. vulkaninfo --summary says what is found."
  ],
  [
    /GLIBC|dawn\.node|ERR_DLOPEN/,
    "The package webgpu does not run on this system: it needs glibc 2.34 or newer on Linux."
  ]
]

const remedies: Readonly<Record<ProbeName, Remedies>> = {
  tensorflow: native,
  webgpu,
  wasm: [
    [/is not installed/, "npm install @tensorflow/tfjs-backend-wasm@4.22.0"],
    [/SIMD|CompileError/, "Run on Node 22.19 or newer, on a processor with SIMD instructions."]
  ],
  cpu: [[/is not installed/, "npm install @tensorflow/tfjs@4.22.0"]],
  sampler: [[/SIMD|CompileError/, "Run on Node 22.19 or newer, on a processor with SIMD instructions."]]
}

/** What could be better about a backend that works, from its detail; undefined where nothing is known to be. */
export const noteFor = (detail: string): string | undefined =>
  /tfjs-node-gpu.*\bCPU$/.test(detail)
    ? `It computes on the processor, since TensorFlow found no GPU that it can use. ${cudaNeeds}`
    : undefined

/** What to do about a backend that does not work, from the reason that it gave. */
export const remedyFor = (name: ProbeName, reason: string): string =>
  remedies[name].find(([pattern]) => pattern.test(reason))?.[1] ??
  "This failure is not known here. Use another backend, and report it with the reason above."
