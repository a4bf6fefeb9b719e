import { type ControllerSnapshot, StoreError } from "@tracer-sdk/core"
import { Result, Schema } from "effect"

/** A snapshot's format, as one release writes it. */
export interface SnapshotFormat<S extends Schema.ConstraintDecoder<unknown>> {
  /** The controller's name. */
  readonly kind: string
  readonly version: number
  readonly state: S
}

/** A `StoreError` about a saved controller. */
export const unusable = (message: string, hint: string, cause?: unknown): StoreError =>
  new StoreError({ path: "controllers", message, hint, ...(cause === undefined ? {} : { cause }) })

/** A snapshot that does not hold together. */
export const damaged = (kind: string, where: string, cause?: unknown): StoreError =>
  unusable(`A "${kind}" snapshot is damaged${where}`, "Restore the file from a copy, or train again.", cause)

/** The state of a snapshot; fails where it is of another kind or version, or damaged. */
export const readSnapshot = <S extends Schema.ConstraintDecoder<unknown>>(
  snapshot: ControllerSnapshot,
  { kind, version, state }: SnapshotFormat<S>
): Result.Result<S["Type"], StoreError> => {
  if (snapshot.kind !== kind) {
    return Result.fail(
      unusable(
        `A snapshot of kind "${snapshot.kind}" cannot be restored as "${kind}".`,
        `Name the controller "${snapshot.kind}" in the configuration, as when it was saved.`
      )
    )
  }
  if (snapshot.version !== version) {
    return Result.fail(
      unusable(
        `A "${kind}" snapshot has format version ${snapshot.version}; this release reads version ${version}.`,
        "Use the release that wrote it, or train again."
      )
    )
  }
  return Result.mapError(Schema.decodeUnknownResult(state)(snapshot.state), (error) =>
    damaged(kind, `: ${error.message}`, error)
  )
}
