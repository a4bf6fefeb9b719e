import type { Inline } from "../document.ts"

/** Names in bold, joined as in a sentence; of many only the first `most`, and how many more there are. */
export const joined = (parts: ReadonlyArray<ReadonlyArray<Inline>>, most = 6): ReadonlyArray<Inline> => {
  const shown = parts.slice(0, most)
  const left = parts.length - shown.length
  const all = left > 0 ? [...shown, [`${left} more`]] : shown
  return all.flatMap((part, i) => [...(i === 0 ? [] : [i < all.length - 1 ? ", " : " and "]), ...part])
}

export const names = (systems: ReadonlyArray<string>, most = 6): ReadonlyArray<Inline> =>
  joined(
    systems.map((strong) => [{ strong }]),
    most
  )
