/** In one line why a package could not be loaded; that it is not installed is said without the paths that were searched. */
export const reasonOf = (cause: unknown): string => {
  const message = typeof cause === "object" && cause !== null && "message" in cause ? cause.message : cause
  const line = String(message).split("\n", 1)[0] ?? ""
  const missing = /^Cannot find package '([^']+)'/.exec(line)?.[1]
  return missing === undefined ? line : `the package ${missing} is not installed`
}
