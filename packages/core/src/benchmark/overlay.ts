import type { Schema } from "effect"

type Json = Schema.Json
type Parts = Readonly<Record<string, Json>>

const isParts = (value: Json | undefined): value is Parts =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const overlaid = (below: Json | undefined, above: Json): Json =>
  isParts(below) && isParts(above) && !("use" in above) ? overlay(below, above) : above

/**
 * A configuration with another laid over it: objects key by key, everything else as a whole. `null` takes a key away, and an object
 * that names a plug-in by `use` replaces what was there, since the options of one mean nothing to another.
 */
export const overlay = (below: Parts, above: Parts): Parts => {
  const merged: Record<string, Json> = { ...below }
  for (const [key, value] of Object.entries(above)) {
    if (value === null) delete merged[key]
    else merged[key] = overlaid(below[key], value)
  }
  return merged
}
