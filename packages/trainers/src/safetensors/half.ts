/** Writes the 32-bit floats of bfloat16 words into `values`. */
export const fromBfloat16 = (words: Uint16Array, values: Float32Array): void => {
  const bits = new Uint32Array(values.buffer, values.byteOffset, words.length)
  for (let i = 0; i < words.length; i++) bits[i] = (words[i] ?? 0) << 16
}

/** bfloat16 words of 32-bit floats, rounded to nearest, ties to even; NaN stays NaN. */
export const toBfloat16 = (values: Float32Array): Uint16Array => {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const words = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const word = bits[i] ?? 0
    const notANumber = (word & 0x7fff_ffff) > 0x7f80_0000
    words[i] = notANumber ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  }
  return words
}

/** Writes the 32-bit floats of IEEE half-precision words into `values`. */
export const fromFloat16 = (words: Uint16Array, values: Float32Array): void => {
  const bits = new Uint32Array(values.buffer, values.byteOffset, words.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0
    const magnitude = word & 0x7fff
    if (magnitude >= 0x400) {
      // The exponent's bias differs by 112; infinite and not-a-number have the largest exponent of each format.
      const rebias = magnitude >= 0x7c00 ? 224 : 112
      bits[i] = ((word & 0x8000) << 16) | ((magnitude << 13) + (rebias << 23))
    } else {
      values[i] = (word & 0x8000 ? -magnitude : magnitude) * 2 ** -24
    }
  }
}

/** IEEE half-precision words of 32-bit floats, rounded to nearest, ties to even; what is too large becomes infinite. */
export const toFloat16 = (values: Float32Array): Uint16Array => {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const words = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) words[i] = float16Word(bits[i] ?? 0)
  return words
}

/** Rounds `value / 2 ** bits` to the nearest integer, ties to even. */
const shiftRounded = (value: number, bits: number): number =>
  (value + (1 << (bits - 1)) - 1 + ((value >>> bits) & 1)) >>> bits

const float16Word = (bits: number): number => {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fff_ffff
  if (magnitude > 0x7f80_0000) return sign | 0x7e00
  const exponent = (magnitude >>> 23) - 127
  if (exponent > 15) return sign | 0x7c00
  // A normal number: the exponent's bias changes, and a carry out of the fraction is a step of the exponent.
  if (exponent >= -14) return sign | shiftRounded(magnitude - ((127 - 15) << 23), 13)
  if (exponent < -25) return sign
  return sign | shiftRounded((magnitude & 0x7f_ffff) | 0x80_0000, 13 - 14 - exponent)
}
