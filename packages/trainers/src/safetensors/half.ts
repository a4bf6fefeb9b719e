/** The 32-bit floats of little-endian bfloat16 values. */
export const fromBfloat16 = (words: Uint16Array): Float32Array => {
  const bits = new Uint32Array(words.length)
  for (let i = 0; i < words.length; i++) bits[i] = (words[i] ?? 0) << 16
  return new Float32Array(bits.buffer)
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

/** The 32-bit floats of IEEE half-precision values. */
export const fromFloat16 = (words: Uint16Array): Float32Array => {
  const values = new Float32Array(words.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0
    const exponent = (word >>> 10) & 31
    const fraction = word & 1023
    const magnitude =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Number.POSITIVE_INFINITY
            : Number.NaN
          : (1 + fraction / 1024) * 2 ** (exponent - 15)
    values[i] = word & 0x8000 ? -magnitude : magnitude
  }
  return values
}
