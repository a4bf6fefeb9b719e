import { createHash } from "node:crypto"
import { Effect } from "effect"
import { ConfigError } from "../errors.ts"
import type { BenchmarkConfig } from "./benchmark-config.ts"

/** A name as part of a path: readable, and no two alike. */
export const folderName = (name: string): string => {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 6)
  return plain === name ? plain : `${plain}-${digest}`
}

/** The system that the others are compared with. */
export const baselineOf = ({ baseline, systems }: BenchmarkConfig): string =>
  baseline ?? systems[0]?.name ?? ""

const unknownSystem = (path: string, name: string, known: Iterable<string>) =>
  new ConfigError({
    path,
    message: `${path}: there is no system "${name}"; known here: ${[...known].join(", ")}.`,
    hint: "Name one of these, or add it to the systems."
  })

/** Fails with `ConfigError` where two systems have one name, or one is named that is not there. */
export const requireNames = (config: BenchmarkConfig): Effect.Effect<void, ConfigError> => {
  const known = new Set<string>()
  for (const [i, { name }] of config.systems.entries()) {
    if (known.has(name)) {
      return new ConfigError({
        path: `systems[${i}].name`,
        message: `systems[${i}].name: there is a system "${name}" already.`,
        hint: "Give each system a name of its own."
      })
    }
    known.add(name)
  }
  if (!known.has(baselineOf(config))) return unknownSystem("baseline", baselineOf(config), known)
  for (const [i, { against, learnedBy }] of config.systems.entries()) {
    const stray = against.find((name) => !known.has(name))
    if (stray !== undefined) return unknownSystem(`systems[${i}].against`, stray, known)
    if (learnedBy === undefined) continue
    const teacher = config.systems.find(({ name }) => name === learnedBy)
    if (teacher === undefined) return unknownSystem(`systems[${i}].learnedBy`, learnedBy, known)
    if (teacher.learnedBy !== undefined) {
      return new ConfigError({
        path: `systems[${i}].learnedBy`,
        message: `systems[${i}].learnedBy: "${learnedBy}" does not learn itself.`,
        hint: `Name the system that it has what it plays with from: "${teacher.learnedBy}".`
      })
    }
  }
  return Effect.void
}
