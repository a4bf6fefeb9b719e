import { safeLine } from "../safe-text.ts"

/** A name as short as a label has to be. */
export const excerptOfName = (name: string, most = 30): string => {
  const letters = [...safeLine(name)]
  return letters.length <= most
    ? letters.join("")
    : `${letters
        .slice(0, most - 1)
        .join("")
        .trimEnd()}…`
}
