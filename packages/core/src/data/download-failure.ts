import { Data } from "effect"

/** A download that did not end well; `retryable` says whether going on with it can help. */
export class DownloadFailure extends Data.TaggedError("DownloadFailure")<{
  readonly message: string
  readonly hint: string
  readonly retryable: boolean
  readonly cause?: unknown
}> {}

const tryAgain = "Run the same command again: it goes on where it stopped."

/** The failure that a status means. */
export const statusFailure = (url: string, status: number): DownloadFailure => {
  if (status === 401 || status === 403) {
    return new DownloadFailure({
      message: `${url} asks for permission (HTTP ${status}).`,
      hint: "For a data set on Hugging Face: accept its conditions there, and put a token that can read into the environment variable HF_TOKEN.",
      retryable: false
    })
  }
  if (status === 404 || status === 410) {
    return new DownloadFailure({
      message: `There is nothing at ${url} (HTTP ${status}).`,
      hint: "Check the address; --from gives another one, or a file that you have already.",
      retryable: false
    })
  }
  const isTransient = status === 408 || status === 429 || status >= 500
  return new DownloadFailure({
    message: `${url} answered with HTTP ${status}.`,
    hint: isTransient ? tryAgain : "Give another address or a file with --from.",
    retryable: isTransient
  })
}

/** The connection could not be made, or broke. */
export const brokenFailure = (url: string, what: string, cause?: unknown): DownloadFailure =>
  new DownloadFailure({ message: `${url}: ${what}`, hint: tryAgain, retryable: true, cause })

/** What came could not be kept. */
export const diskFailure = (file: string, what: string, cause: unknown): DownloadFailure =>
  new DownloadFailure({
    message: `${file} cannot be written: ${what}`,
    hint: "Check that the folder can be written and that the disk has room; --cache gives another folder.",
    retryable: false,
    cause
  })
