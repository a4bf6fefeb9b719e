import { assert, describe, it } from "@effect/vitest"
import { noteFor, remedyFor } from "./remedy.ts"
import type { ProbeName } from "./report.ts"

describe("what helps against a backend's failure", () => {
  // The texts are those of the packages, of the dynamic linker and of Node.
  it.each<readonly [ProbeName, string, RegExp]>([
    [
      "tensorflow",
      "neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed",
      /^npm install @tensorflow\/tfjs-node@4\.22\.0 /
    ],
    [
      "tensorflow",
      "@tensorflow/tfjs-node: The Node.js native addon module (tfjs_binding.node) can not be found at path: lib/napi-v8/tfjs_binding.node. ",
      /npm rebuild @tensorflow\/tfjs-node /
    ],
    [
      "tensorflow",
      "@tensorflow/tfjs-node: libtensorflow_cc.so.2: cannot open shared object file: No such file or directory",
      /npm rebuild @tensorflow\/tfjs-node /
    ],
    [
      "tensorflow",
      "@tensorflow/tfjs-node-gpu: libcudart.so.11.0: cannot open shared object file: No such file or directory",
      /CUDA 11\.2 and cuDNN 8\.1/
    ],
    [
      "tensorflow",
      "its process ended with SIGABRT: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected",
      /NVIDIA driver.*npm uninstall @tensorflow\/tfjs-node-gpu/
    ],
    ["tensorflow", "its process ended with SIGILL: ", /AVX/],
    [
      "webgpu",
      "the package webgpu is not installed",
      /^npm install webgpu@\^0\.6\.2 @tensorflow\/tfjs-backend-webgpu@4\.22\.0$/
    ],
    ["webgpu", "the adapter is software, slower than wasm (llvmpipe: Mesa 25.0.7-2~bpo12+1)", /needs a GPU/],
    ["webgpu", "there is no WebGPU adapter: neither a GPU nor a driver for it", /mesa-vulkan-drivers/],
    [
      "webgpu",
      "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by dawn.node)",
      /glibc 2\.34/
    ],
    ["cpu", "the package @tensorflow/tfjs is not installed", /^npm install @tensorflow\/tfjs@4\.22\.0$/],
    ["cpu", "the sky fell down", /not known here/]
  ])("%s: %s", (name, reason, remedy) => {
    assert.match(remedyFor(name, reason), remedy)
  })

  it("tells of a GPU package that found no GPU", () => {
    assert.match(
      noteFor("@tensorflow/tfjs-node-gpu, TensorFlow 2.9.1, CPU") ?? "",
      /found no GPU.*CUDA 11\.2/
    )
    assert.isUndefined(noteFor("@tensorflow/tfjs-node-gpu, TensorFlow 2.9.1, GPU"))
    assert.isUndefined(noteFor("@tensorflow/tfjs-node, TensorFlow 2.9.1, CPU"))
  })
})
