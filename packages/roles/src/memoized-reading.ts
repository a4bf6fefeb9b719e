import type { Reading } from "@tracer-sdk/core"

const longest = 256
const capacity = 4096

/**
 * Remembers the readings of short texts, for each value of `by` apart: dialogues and their forks read the same lines
 * many times over.
 *
 * The memory is bounded, and emptied when it is full.
 */
export const memoizedReading = <By>(
  read: (text: string, by: By) => Reading
): ((text: string, by: By) => Reading) => {
  const memory = new Map<By, Map<string, Reading>>()
  return (text, by) => {
    if (text.length > longest) return read(text, by)
    let known = memory.get(by)
    if (known === undefined) {
      if (memory.size >= capacity) memory.clear()
      known = new Map()
      memory.set(by, known)
    }
    const found = known.get(text)
    if (found !== undefined) return found
    const reading = read(text, by)
    if (known.size >= capacity) known.clear()
    known.set(text, reading)
    return reading
  }
}
