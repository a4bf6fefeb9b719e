/** Collects a table's notes; the same text has the same mark wherever it is noted. */
export const takeNotes = () => {
  const marks = new Map<string, string>()
  return {
    /** The mark of a note: a, b ... z, aa, ab ... */
    mark: (text: string): string => {
      const known = marks.get(text)
      if (known !== undefined) return known
      let mark = ""
      for (let n = marks.size; n >= 0; n = Math.floor(n / 26) - 1) {
        mark = String.fromCharCode(97 + (n % 26)) + mark
      }
      marks.set(text, mark)
      return mark
    },
    notes: () => [...marks].map(([text, mark]) => ({ mark, text }))
  }
}
