import { expect, test } from "vitest"
import { tinyConfig } from "../../test/tiny-config.ts"
import { ropeFrequencies } from "./rope-frequencies.ts"
import { rotaryAngles } from "./rotary.ts"
import type { RopeConfig } from "./types.ts"

// The values are those of transformers 5.18, in 32-bit floats.

const frequencies = (headSize: number, rope: RopeConfig, maximumPositions = 1024) => [
  ...ropeFrequencies({ ...tinyConfig, headSize, rope, maximumPositions })
]

const expectClose = (found: ReadonlyArray<number | undefined>, expected: ReadonlyArray<number>) => {
  expected.forEach((value, i) => {
    expect(Math.abs((found[i] ?? Number.NaN) / value - 1)).toBeLessThan(2e-7)
  })
}

test("Llama 3.1 keeps what turns often, slows what turns rarely by 8, and blends between", () => {
  const found = frequencies(128, {
    theta: 500_000,
    scaling: {
      kind: "llama3",
      factor: 8,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalPositions: 8192
    }
  })
  expectClose(
    [0, 1, 8, 16, 24, 28, 31, 32, 63].map((i) => found[i]),
    [
      1, 0.814617217, 0.193922758, 0.0376060307, 0.00729266508, 0.00321144611, 0.00085675146, 0.000524846022,
      3.06892588e-7
    ]
  )
})

test("YaRN as Qwen2.5 has it for 131,072 tokens", () => {
  const found = frequencies(128, {
    theta: 1e6,
    scaling: {
      kind: "yarn",
      factor: 4,
      originalPositions: 32_768,
      betaFast: 32,
      betaSlow: 1,
      attentionFactor: 1
    }
  })
  expectClose(
    [0, 1, 8, 16, 24, 28, 31, 32, 63].map((i) => found[i]),
    [
      1, 0.805842221, 0.177827939, 0.0316227786, 0.00537532149, 0.00184827659, 0.000802959781, 0.000602941145,
      3.10234441e-7
    ]
  )
})

test("linear scaling divides every frequency, LongRoPE each by its own factor of the list for the length", () => {
  const plain = frequencies(8, { theta: 100 })
  expectClose(plain, [1, 100 ** -0.25, 0.1, 100 ** -0.75])
  expectClose(
    frequencies(8, { theta: 100, scaling: { kind: "linear", factor: 4 } }),
    plain.map((frequency) => frequency / 4)
  )
  const rope: RopeConfig = {
    theta: 100,
    scaling: {
      kind: "longrope",
      shortFactors: [1, 2, 3, 4],
      longFactors: [8, 8, 16, 16],
      originalPositions: 40,
      attentionFactor: 1.5
    }
  }
  expectClose(
    frequencies(8, rope, 40),
    plain.map((frequency, i) => frequency / (1 + i))
  )
  expectClose(
    frequencies(8, rope, 41),
    plain.map((frequency, i) => frequency / (i < 2 ? 8 : 16))
  )
  const { cosines, sines } = rotaryAngles({ ...tinyConfig, headSize: 8, rope, maximumPositions: 40 }, 2)
  expect([...cosines.subarray(0, 4), ...sines.subarray(0, 4)]).toEqual([1.5, 1.5, 1.5, 1.5, 0, 0, 0, 0])
  expect(cosines[4]).toBeCloseTo(1.5 * Math.cos(1), 6)
})

test("far positions turn by angles in 32 bits, as the models saw them: Qwen2.5-0.5B at 30,000", () => {
  const config = { ...tinyConfig, headSize: 64, rope: { theta: 1e6 }, maximumPositions: 32_768 }
  const { cosines, sines } = rotaryAngles(config, 30_001)
  const expected = {
    cosines: [
      -0.5964295, -0.9076381, -0.9558939, -0.9999874, 0.9154977, -0.6745027, 0.9547337, -0.9980784, 0.9969882,
      0.953728, -0.4764441, -0.5711554
    ],
    sines: [
      -0.8026654, -0.4197536, 0.2937124, 0.0050235, 0.4023233, 0.7382724, 0.2974619, -0.0619643, -0.0775538,
      0.3006709, -0.8792047, 0.820842
    ]
  }
  for (const [i, value] of expected.cosines.entries()) {
    expect(cosines[30_000 * 32 + i]).toBeCloseTo(value, 6)
    expect(sines[30_000 * 32 + i]).toBeCloseTo(expected.sines[i] ?? Number.NaN, 6)
  }
})
