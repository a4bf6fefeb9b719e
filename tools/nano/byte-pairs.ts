/** The characters that stand for the bytes 0 to 255 in byte-level BPE (GPT-2): printable ones for themselves. */
export const byteCharacters: ReadonlyArray<string> = (() => {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff)
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++))
})()

/** The text's UTF-8 bytes as their characters. */
export const toByteCharacters = (text: string): Array<string> =>
  Array.from(new TextEncoder().encode(text), (byte) => byteCharacters[byte] ?? "")

/** Two neighbours that become one token. */
export type Merge = readonly [string, string]

interface Word {
  readonly symbols: ReadonlyArray<string>
  readonly count: number
}

const separator = "\u0000"

const mostFrequentPair = (words: ReadonlyArray<Word>): Merge | undefined => {
  const counts = new Map<string, number>()
  for (const { symbols, count } of words) {
    for (let i = 0; i + 1 < symbols.length; i++) {
      const pair = `${symbols[i]}${separator}${symbols[i + 1]}`
      counts.set(pair, (counts.get(pair) ?? 0) + count)
    }
  }
  // Ties go to the pair that comes first in code-point order, so that the result depends on the counts alone.
  let best: string | undefined
  let bestCount = 0
  for (const [pair, count] of counts) {
    if (count > bestCount || (count === bestCount && best !== undefined && pair < best)) {
      best = pair
      bestCount = count
    }
  }
  const [left, right] = best?.split(separator) ?? []
  return left === undefined || right === undefined ? undefined : [left, right]
}

const mergeIn = ({ symbols, count }: Word, [left, right]: Merge): Word => {
  const merged: Array<string> = []
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i] ?? ""
    if (symbol === left && symbols[i + 1] === right) {
      merged.push(left + right)
      i++
    } else merged.push(symbol)
  }
  return { symbols: merged, count }
}

/** The `limit` merges of byte-pair encoding (Sennrich et al. 2016) over pieces of text with their counts; fewer if all pieces are whole. */
export const learnMerges = (pieces: ReadonlyMap<string, number>, limit: number): ReadonlyArray<Merge> => {
  let words: ReadonlyArray<Word> = Array.from(pieces, ([text, count]) => ({
    symbols: toByteCharacters(text),
    count
  }))
  const merges: Array<Merge> = []
  while (merges.length < limit) {
    const merge = mostFrequentPair(words)
    if (merge === undefined) break
    merges.push(merge)
    words = words.map((word) => (word.symbols.includes(merge[0]) ? mergeIn(word, merge) : word))
  }
  return merges
}
