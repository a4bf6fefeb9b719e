/**
 * The efficient frontier (Pareto): the items that no other one beats, being at least as good and as cheap, and better in one of the
 * two. From cheap to dear; items that are equal in both are beaten or not together.
 */
export const efficientFrontier = <A>(
  items: ReadonlyArray<A>,
  cost: (item: A) => number,
  value: (item: A) => number
): ReadonlyArray<A> => {
  const sorted = items.toSorted((a, b) => cost(a) - cost(b) || value(b) - value(a))
  const frontier: Array<A> = []
  let best = Number.NEGATIVE_INFINITY
  let costOfBest = Number.NEGATIVE_INFINITY
  for (const item of sorted) {
    const equal = value(item) === best && cost(item) === costOfBest
    if (!equal && value(item) <= best) continue
    frontier.push(item)
    best = value(item)
    costOfBest = cost(item)
  }
  return frontier
}
