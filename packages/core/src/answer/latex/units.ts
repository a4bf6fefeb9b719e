/** Spellings of the units that can contradict each other. Whatever is not here (ways, integers, units) says nothing. */
const spellings: ReadonlyArray<readonly [string, string]> = [
  ["mm", "mm millimeter millimetre"],
  ["cm", "cm centimeter centimetre"],
  ["m", "m meter metre"],
  ["km", "km kilometer kilometre"],
  ["in", "in inch inche"],
  ["ft", "ft foot feet"],
  ["yd", "yd yard"],
  ["mi", "mi mile"],
  ["mg", "mg milligram"],
  ["g", "g gram"],
  ["kg", "kg kilogram kilo"],
  ["oz", "oz ounce"],
  ["lb", "lb pound"],
  ["ml", "ml milliliter millilitre"],
  ["l", "l liter litre"],
  ["s", "s sec second"],
  ["min", "min minute"],
  ["h", "h hr hour"],
  ["day", "day"],
  ["week", "week"],
  ["month", "month"],
  ["year", "yr year"],
  ["cent", "cent penny pennie"],
  ["dollar", "dollar usd"],
  ["degree", "degree deg"],
  ["radian", "radian rad"],
  ["percent", "percent %"],
  ["mph", "mph"]
]

const byWord: ReadonlyMap<string, string> = new Map(
  spellings.flatMap(([unit, words]) => words.split(" ").map((word) => [word, unit] as const))
)

const wordUnit = (word: string): string | undefined => byWord.get(word) ?? byWord.get(word.replace(/s$/, ""))

const powers: Readonly<Record<string, string>> = { square: "^2", sq: "^2", cubic: "^3", cu: "^3" }

/**
 * The unit that a text names in one spelling, as `cm^2` for `square centimeters`; empty for words that name none.
 *
 * @param text What stands behind a number, such as `cm^2`, `miles per hour`, `distinct integers`.
 */
export const readUnit = (text: string): string => {
  const words = text
    .toLowerCase()
    .replace(/[.,{}\s]{1,100}/g, " ")
    .replace(/\s?\^\s?/g, "^")
    .trim()
    .split(" ")
  let unit = ""
  let power = ""
  for (const word of words) {
    if (powers[word] !== undefined) {
      power = powers[word]
      continue
    }
    if (word === "per" || word === "/") {
      unit += "/"
      continue
    }
    const [name = "", raised] = word.split("^")
    const known = wordUnit(name)
    if (known === undefined) return ""
    unit += known + (raised === undefined ? power : `^${raised}`)
    power = ""
  }
  return unit
}

/** Whether letters that directly follow a number name a unit: at least two, so that `5m` stays a product. */
export const isUnitWord = (letters: string): boolean =>
  letters.length > 1 && wordUnit(letters.toLowerCase()) !== undefined
