/** Spellings of the units that can contradict each other. Whatever is not here (ways, integers, units) says nothing. */
const spellings: ReadonlyArray<readonly [string, string]> = [
  ["mm", "mm millimeter millimetre"],
  ["cm", "cm centimeter centimetre"],
  ["dm", "dm decimeter decimetre"],
  ["m", "m meter metre"],
  ["km", "km kilometer kilometre"],
  ["in", "in inch inche"],
  ["ft", "ft foot feet"],
  ["yd", "yd yard"],
  ["mi", "mi mile"],
  ["mg", "mg milligram"],
  ["g", "g gm gram"],
  ["kg", "kg kilogram kilo"],
  ["t", "ton tonne"],
  ["oz", "oz ounce"],
  ["lb", "lb pound"],
  ["ml", "ml milliliter millilitre"],
  ["l", "l liter litre"],
  ["cup", "cup"],
  ["pint", "pt pint"],
  ["quart", "qt quart"],
  ["gallon", "gal gallon"],
  ["acre", "acre"],
  ["ms", "ms millisecond"],
  ["s", "s sec second"],
  ["min", "min minute"],
  ["h", "h hr hour"],
  ["day", "day"],
  ["week", "week"],
  ["month", "month"],
  ["year", "yr year"],
  ["cent", "cent penny pennie"],
  ["dollar", "dollar usd"],
  ["euro", "euro eur"],
  ["sterling", "sterling gbp"],
  ["yen", "yen jpy"],
  ["degree", "degree deg"],
  ["radian", "radian rad"],
  ["percent", "percent %"],
  ["K", "kelvin"],
  ["celsius", "celsius centigrade"],
  ["fahrenheit", "fahrenheit"],
  ["N", "newton"],
  ["J", "joule"],
  ["W", "watt"],
  ["V", "volt"],
  ["A", "ampere amp"],
  ["Hz", "hz hertz"],
  ["eV", "ev"],
  ["dozen", "dozen"],
  ["am", "am"],
  ["pm", "pm"],
  ["north", "north"],
  ["south", "south"],
  ["east", "east"],
  ["west", "west"],
  ["up", "up upward"],
  ["down", "down downward"],
  ["left", "left"],
  ["right", "right"],
  ["clockwise", "clockwise"],
  ["counterclockwise", "counterclockwise anticlockwise"]
]

const byWord: ReadonlyMap<string, string> = new Map(
  spellings.flatMap(([unit, words]) => words.split(" ").map((word) => [word, unit] as const))
)

const wordUnit = (word: string): string | undefined => byWord.get(word) ?? byWord.get(word.replace(/s$/, ""))

const powers: Readonly<Record<string, string>> = { square: "^2", sq: "^2", cubic: "^3", cu: "^3" }

/** Words that stand among units and name none. */
const fillers = new Set([
  "of",
  "o'clock",
  "to",
  "the",
  "unit",
  "units",
  "total",
  "long",
  "wide",
  "tall",
  "old",
  "away"
])

const whole: Readonly<Record<string, string>> = {
  mph: "miles per hour",
  kmh: "kilometers per hour",
  kph: "kilometers per hour",
  "¢": "cents"
}

/**
 * The unit that a text names in one spelling, as `cm^2` for `square centimeters`; empty for words that name none.
 *
 * @param text What stands behind a number, such as `cm^2`, `miles per hour`, `distinct integers`.
 */
export const readUnit = (text: string): string => {
  const words = text
    .toLowerCase()
    .replace(/\b([ap])\. ?m\b\.?/g, "$1m")
    .replace(/[.,{}()\s-]{1,100}/g, " ")
    .replace(/\s?\^\s?/g, "^")
    .replace(/\s?\/\s?/g, " / ")
    .trim()
    .split(" ")
    .flatMap((word) => (whole[word] ?? word).split(" "))
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
    if (known === undefined) {
      if (fillers.has(name)) continue
      return ""
    }
    unit += (/[a-zA-Z\d]$/.test(unit) ? "*" : "") + known + (raised === undefined ? power : `^${raised}`)
    power = ""
  }
  return unit
}

/** Whether units do not contradict each other: a unit counts only where both answers have one. */
export const sameUnit = (left: string, right: string): boolean =>
  left === "" || right === "" || `${left} `.startsWith(`${right} `) || `${right} `.startsWith(`${left} `)

const magnitudes: Readonly<Record<string, number>> = { thousand: 3, million: 6, billion: 9, trillion: 12 }

/** The power of ten that words behind a number begin with, as 6 for `million dollars`, and the words after it. */
export const readMagnitude = (text: string): { readonly power: number; readonly rest: string } => {
  const [, word = "", rest = ""] = /^\s{0,4}([a-z]{7,8})(?![a-z])([\s\S]*)$/i.exec(text) ?? []
  const power = magnitudes[word.toLowerCase()]
  return power === undefined ? { power: 0, rest: text } : { power, rest }
}

/** Whether letters that directly follow a number name a unit or its place: at least two, so that `5m` stays a product. */
export const isUnitWord = (letters: string): boolean => {
  const word = letters.toLowerCase()
  return word.length > 1 && (wordUnit(word) !== undefined || /^(?:st|nd|rd|th|mph)$/.test(word))
}
