import { join } from "node:path"
import { Effect, Schema } from "effect"
import { TeamConfig } from "../config/team-config.ts"
import type { ControllerSnapshot } from "../controller.ts"
import { StoreError } from "../errors.ts"
import { readJsonFile, writeJsonFile } from "./json-file.ts"

/** The version of `team.json`. */
export const teamFileVersion = 1

const Snapshot = Schema.Struct({ kind: Schema.String, version: Schema.Int, state: Schema.Json })

/** A saved team: what `team.json` holds. Weights lie beside it, in the folder that `weights` names. */
export const TeamFile = Schema.Struct({
  version: Schema.Int,
  config: TeamConfig,
  /** By controller name. */
  controllers: Schema.Record(Schema.String, Snapshot),
  weights: Schema.optionalKey(Schema.String),
  /** How far training has come, and the length of the event log at that point. */
  progress: Schema.optionalKey(
    Schema.Struct({
      batchesDone: Schema.Int,
      batches: Schema.Int,
      events: Schema.Int,
      /** A digest of training and test tasks. */
      tasks: Schema.String
    })
  )
})
export type TeamFile = typeof TeamFile.Type

const Versioned = Schema.Struct({ version: Schema.Int })

const fileIn = (directory: string): string => join(directory, "team.json")

export const writeTeamFile = (directory: string, team: TeamFile): Effect.Effect<void, StoreError> =>
  writeJsonFile(fileIn(directory), TeamFile, team)

/** Fails with `StoreError` where the folder holds no team, or one of a later version. */
export const readTeamFile = (directory: string): Effect.Effect<TeamFile, StoreError> =>
  // The version comes first: the shape of another one is not known here.
  Effect.flatMap(readJsonFile(fileIn(directory), Versioned, "a saved team"), ({ version }) =>
    version === teamFileVersion
      ? readJsonFile(fileIn(directory), TeamFile, "a saved team")
      : new StoreError({
          path: fileIn(directory),
          message: `${fileIn(directory)} has format version ${version}; this release reads version ${teamFileVersion}.`,
          hint: "Use the release that wrote it, or train again."
        })
  )

/** The snapshots of a team's controllers by name. */
export const snapshotsOf = (
  controllers: ReadonlyMap<string, { readonly snapshot: () => ControllerSnapshot }>
): Readonly<Record<string, ControllerSnapshot>> =>
  Object.fromEntries([...controllers].map(([name, controller]) => [name, controller.snapshot()]))
