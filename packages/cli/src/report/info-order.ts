/** An information state's features, as in `vote=-1 round=open`; a state without names is one feature. */
const featuresOf = (info: string): ReadonlyArray<readonly [name: string, value: string]> =>
  info.split(" ").map((feature) => {
    const at = feature.indexOf("=")
    return at < 1 ? ["", feature] : [feature.slice(0, at), feature.slice(at + 1)]
  })

/** What a state tells of: the names of its features. Systems that tell their controllers the same can be shown side by side. */
export const featureNames = (info: string): string =>
  featuresOf(info)
    .map(([name]) => name)
    .join(" ")

const compareValues = (a: string, b: string): number => {
  const [x, y] = [Number(a), Number(b)]
  const [isNumber, isOther] = [a !== "" && !Number.isNaN(x), b !== "" && !Number.isNaN(y)]
  if (isNumber && isOther && x !== y) return x - y
  // Words, as in "none", before numbers.
  if (isNumber !== isOther) return isNumber ? 1 : -1
  return a < b ? -1 : a > b ? 1 : 0
}

/** Orders states feature by feature: words by the alphabet, then numbers by their size. */
export const compareInfo = (a: string, b: string): number => {
  const [first, second] = [featuresOf(a), featuresOf(b)]
  for (let i = 0; i < Math.min(first.length, second.length); i++) {
    const order = compareValues(first[i]?.[1] ?? "", second[i]?.[1] ?? "")
    if (order !== 0) return order
  }
  return first.length - second.length || (a < b ? -1 : a > b ? 1 : 0)
}
