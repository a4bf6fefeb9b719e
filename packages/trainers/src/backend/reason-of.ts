/** What is said of a package that is not installed. */
export const missing = (name: string): string => `the package ${name} is not installed`

/** TensorFlow puts its status code on a line of its own, before what went wrong. */
const statusCode = /^Invalid TF_Status: \d+\nMessage: /

/** In one line why something failed; that a package is not installed is said without the paths that were searched. */
export const reasonOf = (cause: unknown): string => {
  const message = typeof cause === "object" && cause !== null && "message" in cause ? cause.message : cause
  const text = String(message).trim().replace(statusCode, "TensorFlow: ")
  const line = text.split("\n", 1)[0] ?? ""
  // Node's words, then those of Vite, which loads the tests.
  const name = /^(?:Cannot find package|Could not resolve) ['"]([^'"]+)['"]/.exec(line)?.[1]
  return name === undefined ? line : missing(name)
}
