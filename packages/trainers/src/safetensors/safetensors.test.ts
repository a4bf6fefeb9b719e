import fc from "fast-check"
import { expect, test } from "vitest"
import { fromBfloat16, fromFloat16, toBfloat16 } from "./half.ts"
import { formatSafetensors, parseSafetensors } from "./index.ts"

const tensors = (values: Float32Array) =>
  new Map([
    ["b.weight", { shape: [values.length], values }],
    ["a.weight", { shape: [1, 2], values: Float32Array.of(1, -2) }]
  ])

test("32-bit floats survive a file exactly, bfloat16 to 8 bits", () => {
  fc.assert(
    fc.property(fc.float32Array({ maxLength: 20 }), (values) => {
      expect(parseSafetensors(formatSafetensors(tensors(values), "float32"))).toEqual(
        new Map([...tensors(values)].reverse())
      )
      const half = parseSafetensors(formatSafetensors(tensors(values), "bfloat16")).get("b.weight")?.values
      values.forEach((value, i) => {
        const read = half?.[i] ?? 0
        if (Number.isNaN(value)) expect(read).toBeNaN()
        else if (Math.abs(value) > 1e-37 && Math.abs(value) < 3e38)
          expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) / 256)
      })
    }),
    { numRuns: 50 }
  )
})

test("the header is padded to 8 bytes and marks PyTorch's layout", () => {
  const bytes = formatSafetensors(tensors(Float32Array.of(0.5)), "float32")
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
  expect(length % 8).toBe(0)
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
    __metadata__: { format: "pt" },
    "a.weight": { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
    "b.weight": { dtype: "F32", shape: [1], data_offsets: [8, 12] }
  })
})

test("bfloat16 rounds to nearest, ties to even", () => {
  // 1 + 1/256 lies half way between 1 and 1 + 1/128; 1 + 3/256 between 1 + 1/128 and 1 + 2/128.
  const read = fromBfloat16(toBfloat16(Float32Array.of(1 + 1 / 256, 1 + 3 / 256, 1 + 1.01 / 256, Number.NaN)))
  expect([...read]).toEqual([1, 1 + 2 / 128, 1 + 1 / 128, Number.NaN])
})

test("half precision is read by IEEE 754's table", () => {
  const words = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0xfc00, 0x7e00)
  expect([...fromFloat16(words)]).toEqual([
    1,
    -2,
    65_504,
    2 ** -24,
    2 ** -14,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN
  ])
})

test("a cut-off file and a tensor of another type are named", () => {
  const bytes = formatSafetensors(tensors(Float32Array.of(0.5)), "float32")
  expect(() => parseSafetensors(bytes.subarray(0, bytes.length - 2))).toThrow("b.weight [1]")
  expect(() => parseSafetensors(bytes.subarray(0, 30))).toThrow("cut off")
  const text = new TextDecoder("latin1").decode(bytes).replace("F32", "I64")
  expect(() => parseSafetensors(Uint8Array.from(text, (character) => character.charCodeAt(0)))).toThrow(
    "dtype"
  )
})
