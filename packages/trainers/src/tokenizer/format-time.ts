const months = "January February March April May June July August September October November December".split(
  " "
)
const days = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ")

const two = (value: number): string => `${value}`.padStart(2, "0")

const fields: Readonly<Record<string, (time: Date) => string>> = {
  "%": () => "%",
  Y: (time) => `${time.getUTCFullYear()}`,
  y: (time) => two(time.getUTCFullYear() % 100),
  m: (time) => two(time.getUTCMonth() + 1),
  d: (time) => two(time.getUTCDate()),
  B: (time) => months[time.getUTCMonth()] ?? "",
  b: (time) => months[time.getUTCMonth()]?.slice(0, 3) ?? "",
  A: (time) => days[time.getUTCDay()] ?? "",
  a: (time) => days[time.getUTCDay()]?.slice(0, 3) ?? "",
  H: (time) => two(time.getUTCHours()),
  I: (time) => two(time.getUTCHours() % 12 || 12),
  M: (time) => two(time.getUTCMinutes()),
  S: (time) => two(time.getUTCSeconds()),
  p: (time) => (time.getUTCHours() < 12 ? "AM" : "PM")
}

/** The start of a day such as 2024-07-26, in UTC; undefined for what is no day. */
export const startOfDay = (day: string): Date | undefined => {
  const start = new Date(`${day}T00:00:00Z`)
  // JavaScript takes 30 February for 2 March.
  return Number.isNaN(start.getTime()) || start.toISOString() !== `${day}T00:00:00.000Z` ? undefined : start
}

/** Python's `strftime` in English and UTC. Throws for a field that it does not know. */
export const formatTime = (time: Date, format: string): string =>
  format.replace(/%(.?)/gsu, (field, letter) => {
    const write = fields[letter]
    if (write === undefined) throw new Error(`strftime_now: the field ${field} is not supported.`)
    return write(time)
  })
