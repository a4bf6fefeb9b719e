/** Where the earliest of the stop strings begins in `text`; -1 where it has none of them. */
export const stopIndex = (text: string, stop: ReadonlyArray<string>): number =>
  stop.reduce((earliest, string) => {
    const at = text.indexOf(string)
    return at >= 0 && (earliest < 0 || at < earliest) ? at : earliest
  }, -1)

/** `text` up to the earliest of the stop strings; the whole where it has none of them. */
export const beforeStop = (text: string, stop: ReadonlyArray<string> = []): string => {
  const at = stopIndex(text, stop)
  return at < 0 ? text : text.slice(0, at)
}
