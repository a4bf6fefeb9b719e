import { expect, it } from "@effect/vitest"
import type { DoctorReport } from "@tracer-sdk/trainers"
import { renderDoctor } from "./doctor.ts"
import { ansiStyle, plainStyle } from "./style.ts"

const report: DoctorReport = {
  machine: {
    node: "v24.9.0",
    system: "linux x64",
    processor: "AMD EPYC",
    threads: 2,
    memoryBytes: 24 * 2 ** 30
  },
  backends: [
    {
      usable: true,
      name: "tensorflow",
      detail: "@tensorflow/tfjs-node-gpu, TensorFlow 2.9.1, CPU",
      memory: "the machine's 24,576 MiB",
      speed: { firstMilliseconds: 403.2, milliseconds: 214.3, tokensPerSecond: 896.1 },
      note: "It computes on the processor, since TensorFlow found no GPU that it can use."
    },
    {
      usable: false,
      name: "webgpu",
      loads: false,
      reason: "the package webgpu is not installed",
      remedy: "npm install webgpu@^0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0"
    },
    {
      usable: true,
      name: "wasm",
      detail: "tfjs-backend-wasm 4.22.0, SIMD, 1 thread",
      memory: "3,840 MiB for all tensors",
      speed: { firstMilliseconds: 300, milliseconds: 120, tokensPerSecond: 1_600 }
    },
    {
      usable: true,
      name: "cpu",
      detail: "tfjs-backend-cpu 4.22.0, plain JavaScript",
      memory: "the machine's 24,576 MiB",
      speed: { firstMilliseconds: 12_345, milliseconds: 11_000, tokensPerSecond: 17.5 }
    }
  ],
  sampler: {
    usable: true,
    name: "sampler",
    detail: "WebAssembly kernels on the processor, 1 thread, whichever backend trains",
    memory: "4,096 MiB for weights, keys and values",
    speed: { firstMilliseconds: 78, milliseconds: 30.5, tokensPerSecond: 8_387 }
  },
  auto: "tensorflow",
  fastest: "wasm"
}

const expected = `Node v24.9.0 on linux x64, AMD EPYC, 2 threads, 24.0 GiB of memory

Backends for training, in the order in which auto tries them
  tensorflow  works
              @tensorflow/tfjs-node-gpu, TensorFlow 2.9.1, CPU
              a training step: 214 ms, 896 tokens/s (the first took 403 ms)
              memory: the machine's 24,576 MiB
              note: It computes on the processor, since TensorFlow found no GPU that it can use.
  webgpu      does not work here
              the package webgpu is not installed
              to get it: npm install webgpu@^0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0
  wasm        works
              tfjs-backend-wasm 4.22.0, SIMD, 1 thread
              a training step: 120 ms, 1,600 tokens/s (the first took 300 ms)
              memory: 3,840 MiB for all tensors
  cpu         works
              tfjs-backend-cpu 4.22.0, plain JavaScript
              a training step: 11.0 s, 18 tokens/s (the first took 12.3 s)
              memory: the machine's 24,576 MiB

Sampling
  sampler     works
              WebAssembly kernels on the processor, 1 thread, whichever backend trains
              8 completions of 32 tokens: 31 ms, 8,387 tokens/s (the first took 78 ms)
              memory: 4,096 MiB for weights, keys and values

A policy with backend: auto, the default, takes tensorflow here.
The step timed here was faster with backend: wasm. For larger models it may be otherwise.
A training step is one of GSPO with LoRA on a random decoder of 2 layers and width 128, with 96
tokens: good to compare backends, not to foretell a large model's time.`

it("tells of each backend whether it works, how fast it is, and how to get it", () => {
  expect(renderDoctor(report, plainStyle)).toBe(expected)
})

it("only marks words where there are colours", () => {
  const coloured = renderDoctor(report, ansiStyle)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks are control characters
  expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(expected)
  expect(coloured).toContain("\u001b[31mdoes not work here")
})

it("says so where no backend works, and where the fastest is taken anyway", () => {
  expect(renderDoctor({ ...report, auto: null, fastest: null }, plainStyle)).toContain(
    "No backend works here."
  )
  expect(renderDoctor({ ...report, fastest: "tensorflow" }, plainStyle)).not.toContain("faster")
})

it("says which backend to set where the one that auto takes loads, then fails", () => {
  const [, ...others] = report.backends
  const failing = {
    usable: false,
    name: "tensorflow",
    loads: true,
    reason: "its process ended with SIGABRT: CUDA_ERROR_NO_DEVICE",
    remedy: "An NVIDIA driver."
  } as const
  const text = renderDoctor({ ...report, backends: [failing, ...others] }, plainStyle)
  expect(text).toContain("  tensorflow  loads, then fails\n              its process ended with SIGABRT")
  expect(text).toContain(
    "backend: auto, the default, would take tensorflow here, which fails.\nSet its backend to wasm.\n"
  )
})
