import { Effect, type Schema } from "effect"
import { decodeConfig } from "../config/decode.ts"
import { TeamConfig } from "../config/team-config.ts"
import { ConfigError } from "../errors.ts"
import type { Protocol } from "../protocol.ts"
import type { Registry } from "../registry/registry.ts"
import { makeGraders } from "../task/make-graders.ts"
import type { BenchmarkConfig, SystemEntry } from "./benchmark-config.ts"
import { overlay } from "./overlay.ts"

type Parts = Readonly<Record<string, Schema.Json>>

/** A system as it is to be assembled; seed and tasks come with the cell. */
export interface PlannedSystem {
  readonly entry: SystemEntry
  readonly path: string
  /** What it plays; of a system that plays with what another has learned, that other's team. */
  readonly team: TeamConfig
  /** What it plays in place of the team's protocol, where the team is another's. */
  readonly protocol?: TeamConfig["protocol"]
}

const ofTheEntry = new Set(["name", "group", "selection", "against", "learnedBy"])
const ofTheBenchmark = ["name", "seed", "tasks", "systems"]

/** The parts of the team that an entry states. */
const partsOf = (entry: SystemEntry): Parts =>
  Object.fromEntries(Object.entries(entry).filter(([key]) => !ofTheEntry.has(key)))

const refuse = (path: string, message: string, hint: string) =>
  new ConfigError({ path, message: `${path}: ${message}`, hint })

const decodeTeam = Effect.fnUntraced(function* (parts: Parts, path: string) {
  const key = ofTheBenchmark.find((name) => name in parts)
  if (key !== undefined) {
    return yield* refuse(
      `${path}.${key}`,
      "is for the benchmark to say, by its systems, seeds and datasets.",
      "Leave it out."
    )
  }
  return yield* Effect.fromResult(decodeConfig(TeamConfig, { ...parts, systems: [] }, path, path))
})

const namesIn = (section: Schema.Json | undefined): ReadonlySet<string> =>
  new Set(typeof section === "object" && section !== null ? Object.keys(section) : [])

/** Leaves out what the base states for roles and seats that this protocol does not have; what the system states itself stays. */
const fitted = (team: TeamConfig, stated: Parts, protocol: Protocol<unknown>): TeamConfig => {
  const roles = new Set(protocol.roles ?? Object.keys(team.roles))
  const seats = new Set(protocol.seats.flatMap(({ name, controller }) => [name, controller]))
  const fit = <A>(section: Readonly<Record<string, A>>, own: ReadonlySet<string>, used: Set<string>) =>
    Object.fromEntries(Object.entries(section).filter(([name]) => own.has(name) || used.has(name)))
  return {
    ...team,
    roles: fit(team.roles, namesIn(stated.roles), roles),
    controllers: fit(team.controllers, namesIn(stated.controllers), seats)
  }
}

/** The base team, for the parts that all systems share. */
export const baseTeam = ({ base }: BenchmarkConfig) => decodeTeam(base, "base")

/** The team of every system; fails with `ConfigError` that names the place in the benchmark's configuration. */
export const planSystems = Effect.fnUntraced(function* (config: BenchmarkConfig, registry: Registry) {
  const planned: Array<PlannedSystem> = []
  const plan = Effect.fnUntraced(function* (entry: SystemEntry, path: string) {
    const stated = partsOf(entry)
    const team = yield* decodeTeam(overlay(config.base, stated), path)
    const agents = team.agents.map(({ name }) => name)
    const context = { agents, grader: yield* makeGraders(team, registry) }
    const protocol = yield* registry.make("protocol", team.protocol, context, `${path}.protocol`)
    return fitted({ ...team, name: entry.name }, stated, protocol)
  })
  for (const [i, entry] of config.systems.entries()) {
    const path = `systems[${i}]`
    const at = config.systems.findIndex(({ name }) => name === entry.learnedBy)
    const teacher = config.systems[at]
    if (teacher === undefined) {
      planned.push({ entry, path, team: yield* plan(entry, path) })
      continue
    }
    const { protocol, ...rest } = partsOf(entry)
    const stray = Object.keys(rest)[0]
    if (stray !== undefined) {
      yield* refuse(
        `${path}.${stray}`,
        `cannot be changed in a system that plays with what "${teacher.name}" has learned.`,
        "State a protocol or a selection alone, or leave out learnedBy and let the system learn itself."
      )
    }
    const team = yield* plan(teacher, `systems[${at}]`)
    const other =
      protocol === undefined
        ? {}
        : { protocol: (yield* decodeTeam(overlay(config.base, { protocol }), path)).protocol }
    planned.push({ entry, path, team, ...other })
  }
  return planned
})
