/** The first of the items that nothing exceeds; sums that differ by less than 1e-9 are a tie. */
export const firstBest = <A>(
  items: ReadonlyArray<A>,
  ...worths: ReadonlyArray<(item: A) => number>
): A | undefined => {
  let best = items[0]
  for (const item of items) {
    if (best === undefined) break
    for (const worth of worths) {
      const lead = worth(item) - worth(best)
      if (Math.abs(lead) < 1e-9) continue
      if (lead > 0) best = item
      break
    }
  }
  return best
}
