import type { DecodingStep } from "./token-decoding.ts"

const isPrintable = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae

/** GPT-2's alphabet: a byte that prints stands for itself, the others follow from U+0100 on, in order. */
const byteOf: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 256 }, (_, byte) => byte)
    .sort((a, b) => Number(isPrintable(b)) - Number(isPrintable(a)) || a - b)
    .map((byte, index) => [String.fromCharCode(index < 188 ? byte : 256 + index - 188), byte])
)

/** The bytes that a token of GPT-2's alphabet stands for; a token with any other character stands for its own UTF-8. */
export const bytesOfToken = (token: string): Uint8Array<ArrayBuffer> => {
  const bytes: Array<number> = []
  for (const character of token) {
    const byte = byteOf.get(character)
    if (byte === undefined) return new TextEncoder().encode(token)
    bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

/** Tokens that are bytes to text: an incomplete character waits for its last byte, and what is no UTF-8 becomes U+FFFD. */
export const byteLevelDecoding = (): DecodingStep => {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true })
  return {
    push: (token) => [utf8.decode(bytesOfToken(token), { stream: true })],
    end: () => [utf8.decode()]
  }
}
