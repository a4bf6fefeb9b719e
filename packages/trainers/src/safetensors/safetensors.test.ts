import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { ModelError } from "../files/model-error.ts"
import {
  type FileType,
  openSafetensors,
  readSafetensors,
  type TensorSource,
  writeSafetensors
} from "./index.ts"

const file = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "safetensors-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true }))
).pipe(Effect.map((directory) => join(directory, "some.safetensors")))

const tensors = (values: Float32Array) =>
  new Map([
    ["b.weight", { shape: [values.length], values }],
    ["a.weight", { shape: [1, 2], values: Float32Array.of(1, -2) }]
  ])

it.effect("32-bit floats survive a file exactly, bfloat16 to 8 bits, half precision to 11", () =>
  Effect.gen(function* () {
    const path = yield* file
    for (const values of fc.sample(fc.float32Array({ maxLength: 20 }), 20)) {
      yield* writeSafetensors(path, tensors(values), "float32")
      expect(yield* readSafetensors(path, "")).toEqual(new Map([...tensors(values)].reverse()))
    }
    // More than is read at once.
    const values = Float32Array.from({ length: 1_200_000 }, (_, i) => Math.sin(i) * 100)
    for (const [type, bits] of [
      ["float32", Number.POSITIVE_INFINITY],
      ["bfloat16", 8],
      ["float16", 11]
    ] as const) {
      yield* writeSafetensors(path, tensors(values), type)
      const read = (yield* readSafetensors(path, "")).get("b.weight")?.values ?? new Float32Array()
      expect(read.length).toBe(values.length)
      const wrong = values.findIndex(
        (value, i) => Math.abs((read[i] ?? Number.NaN) - value) > Math.abs(value) / 2 ** bits + 2 ** -25
      )
      expect(wrong).toBe(-1)
    }
  }).pipe(Effect.scoped)
)

it.effect("the header is padded to 8 bytes and marks PyTorch's layout", () =>
  Effect.gen(function* () {
    const path = yield* file
    yield* writeSafetensors(path, tensors(Float32Array.of(0.5)), "float32")
    const bytes = yield* Effect.promise(() => readFile(path))
    const length = Number(bytes.readBigUInt64LE(0))
    expect(length % 8).toBe(0)
    expect(JSON.parse(bytes.toString("utf8", 8, 8 + length))).toEqual({
      __metadata__: { format: "pt" },
      "a.weight": { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
      "b.weight": { dtype: "F32", shape: [1], data_offsets: [8, 12] }
    })
  }).pipe(Effect.scoped)
)

it.effect("values are asked for one tensor after another, each when the one before it is in the file", () =>
  Effect.gen(function* () {
    const path = yield* file
    const sizes: Array<number> = []
    const source = (value: number) => ({
      shape: [1_000],
      values: async () => {
        sizes.push((await readFile(`${path}.partial`)).length)
        return new Float32Array(1_000).fill(value)
      }
    })
    yield* writeSafetensors(
      path,
      new Map([
        ["b", source(2)],
        ["a", source(1)]
      ]),
      "float32"
    )
    const [header = 0, afterFirst = 0] = sizes
    expect(afterFirst - header).toBe(4_000)
    expect((yield* readSafetensors(path, "")).get("b")?.values[999]).toBe(2)
  }).pipe(Effect.scoped)
)

it.effect("a file that cannot be written whole leaves the one before as it was, and nothing else", () =>
  Effect.gen(function* () {
    const path = yield* file
    yield* writeSafetensors(path, tensors(Float32Array.of(0.5)), "float32")
    const before = yield* Effect.promise(() => readFile(path))
    const write = (source: TensorSource, type: FileType) =>
      Effect.flip(writeSafetensors(path, new Map([["c.weight", source]]), type))
    const tooFew = yield* write({ shape: [2, 3], values: new Float32Array(5) }, "float32")
    expect(tooFew.message).toContain("c.weight [2, 3] was given 5 values")
    const tooLarge = yield* write({ shape: [3], values: Float32Array.of(65_519, -65_520, 1) }, "float16")
    expect(tooLarge.message).toContain("c.weight has the value -65520, which float16 cannot hold")
    expect(tooLarge.hint).toContain("not the disk")
    const unread = new ModelError({ message: "The base is gone.", hint: "Fetch it.", path: "base" })
    expect(yield* write({ shape: [1], values: () => Promise.reject(unread) }, "float32")).toBe(unread)
    expect(yield* Effect.promise(() => readdir(dirname(path)))).toEqual([basename(path)])
    expect(yield* Effect.promise(() => readFile(path))).toEqual(before)
    const under = yield* Effect.flip(writeSafetensors(join(path, "under"), new Map(), "float32"))
    expect(under.hint).toContain("Check that the directory can be written to")
  }).pipe(Effect.scoped)
)

it.effect("a tensor of a type that cannot be read is in the way only of those who want it", () =>
  Effect.gen(function* () {
    const path = yield* file
    yield* writeSafetensors(path, tensors(Float32Array.of(0.5)), "float32")
    const text = yield* Effect.promise(() => readFile(path, "latin1"))
    yield* Effect.promise(() => writeFile(path, text.replace("F32", "I32"), "latin1"))
    const opened = yield* openSafetensors(path, "")
    expect(yield* opened.read("b.weight")).toEqual(Float32Array.of(0.5))
    expect((yield* Effect.flip(opened.read("a.weight"))).message).toContain(
      "a.weight cannot be read: its type is I32, not F32, F16 or BF16"
    )
    expect((yield* Effect.flip(opened.read("c.weight"))).message).toContain("no tensor c.weight")
  }).pipe(Effect.scoped)
)

it.effect("what is wrong with a file is named", () =>
  Effect.gen(function* () {
    const path = yield* file
    const missing = yield* Effect.flip(readSafetensors(path, "Put one there."))
    expect([missing.message, missing.hint]).toEqual([`${path} cannot be read.`, "Put one there."])
    yield* writeSafetensors(path, tensors(Float32Array.of(0.5)), "float32")
    const bytes = yield* Effect.promise(() => readFile(path))
    const messageOf = (contents: Uint8Array) =>
      Effect.promise(() => writeFile(path, contents)).pipe(
        Effect.andThen(Effect.flip(readSafetensors(path, ""))),
        Effect.map(({ message }) => message)
      )
    expect(yield* messageOf(bytes.subarray(0, bytes.length - 2))).toContain("b.weight [1] does not lie")
    expect(yield* messageOf(bytes.subarray(0, 30))).toContain("cut off")
    expect(yield* messageOf(bytes.subarray(0, 5))).toContain("shorter than")
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    expect(yield* messageOf(Buffer.from(pointer))).toContain("git lfs pull")
    const text = bytes.toString("latin1")
    expect(yield* messageOf(Buffer.from(text.replace("[1,2]", "[2,2]"), "latin1"))).toContain(
      "a.weight [2, 2] does not lie at its offsets 0 to 8"
    )
    expect(yield* messageOf(Buffer.from(text.replace("dtype", "dtipe"), "latin1"))).toContain("dtype")
  }).pipe(Effect.scoped)
)
