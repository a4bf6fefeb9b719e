import type { DecodingStep } from "./token-decoding.ts"

const byteToken = /^<0x([0-9A-Fa-f]{2})>$/

/**
 * SentencePiece's byte fallback: a run of tokens such as `<0xE4>` is read as UTF-8 as a whole, and if that fails, each of
 * its bytes is U+FFFD. So a run waits for the token that ends it.
 */
export const byteFallbackDecoding = (): DecodingStep => {
  let run: Array<number> = []
  const flush = (): ReadonlyArray<string> => {
    if (run.length === 0) return []
    const bytes = Uint8Array.from(run)
    run = []
    try {
      return [new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes)]
    } catch {
      return Array.from(bytes, () => "\uFFFD")
    }
  }
  return {
    push: (token) => {
      const byte = byteToken.exec(token)?.[1]
      if (byte === undefined) return [...flush(), token]
      run.push(Number.parseInt(byte, 16))
      return []
    },
    end: flush
  }
}
