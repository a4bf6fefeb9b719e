import { Effect, type Scope } from "effect"
import type { PluginUse, TeamConfig } from "../config/team-config.ts"
import type { Controller, ControllerSnapshot } from "../controller.ts"
import type { CreditAssigner } from "../credit.ts"
import type { Game } from "../engine/game.ts"
import { ConfigError, type TracerError } from "../errors.ts"
import type { Learner } from "../learner.ts"
import type { Policy } from "../policy.ts"
import type { Protocol, Seat } from "../protocol.ts"
import type { Registry } from "../registry/registry.ts"
import type { Role } from "../role.ts"
import { graderFor } from "../task/grader-for.ts"

/** A configuration brought to life. */
export interface Assembly {
  readonly config: TeamConfig
  readonly game: Game<unknown>
  readonly credit: CreditAssigner
  readonly learner?: Learner
  /** The same agents and controllers under another protocol; controllers that only it has start untrained. */
  readonly under: (
    protocol: PluginUse,
    path: string
  ) => Effect.Effect<Game<unknown>, TracerError, Scope.Scope>
}

const unknownName = (path: string, kind: string, name: string, known: Iterable<string>) =>
  new ConfigError({
    path,
    message: `${path}: there is no ${kind} "${name}"; known here: ${[...known].join(", ") || "none"}.`,
    hint: `Name one of these, or add it to the configuration's ${kind === "agent" ? "agents" : "policies"}.`
  })

const makePolicies = Effect.fnUntraced(function* (
  { agents, policies, seed }: TeamConfig,
  registry: Registry
) {
  const byName = new Map<string, Policy>()
  for (const [name, use] of Object.entries(policies)) {
    byName.set(name, yield* registry.make("policy", use, { name, seed }, `policies.${name}`))
  }
  const byAgent = new Map<string, Policy>()
  for (const [i, { name, policy: wanted }] of agents.entries()) {
    const policy = byName.get(wanted)
    if (policy === undefined) {
      return yield* unknownName(`agents[${i}].policy`, "policy", wanted, byName.keys())
    }
    if (byAgent.has(name)) {
      return yield* new ConfigError({
        path: `agents[${i}].name`,
        message: `agents[${i}].name: there is an agent "${name}" already.`,
        hint: "Give each agent a name of its own; several may share a policy."
      })
    }
    byAgent.set(name, policy)
  }
  return { byName, byAgent }
})

const makeRoles = Effect.fnUntraced(function* (
  { roles }: TeamConfig,
  { roles: wanted = [] }: Protocol<unknown>,
  registry: Registry
) {
  const made = new Map<string, Role>()
  for (const name of new Set([...wanted, ...Object.keys(roles)])) {
    made.set(name, yield* registry.make("role", roles[name] ?? { use: name }, { name }, `roles.${name}`))
  }
  return made
})

/** The controller plug-in that a configuration gives a seat, and where it stands there. */
export const controllerUse = (
  { controller, controllers }: TeamConfig,
  seat: Seat
): { readonly use: PluginUse; readonly path: string } => {
  const name = [seat.controller, seat.name].find((candidate) => candidate in controllers)
  const own = name === undefined ? undefined : controllers[name]
  return own === undefined
    ? { use: controller, path: "controller" }
    : { use: own, path: `controllers.${name}` }
}

const requireSpread = ({ learner, training }: TeamConfig): Effect.Effect<void, ConfigError> =>
  learner === undefined || training.groupSize > 1
    ? Effect.void
    : new ConfigError({
        path: "training.groupSize",
        message:
          "training.groupSize is 1: a learner compares the utterances of a group, and needs two or more.",
        hint: "Set training.groupSize to 4, or leave out the learner."
      })

const unused = (path: string, what: string, known: Iterable<string>) =>
  new ConfigError({
    path,
    message: `${path}: the team's protocol has no ${what} of that name; known here: ${[...known].join(", ")}.`,
    hint: "Correct the name, or leave the key out."
  })

/** A name that nothing would ever ask for is a slip of the pen. */
const requireUsed = (
  { controllers, roles }: TeamConfig,
  protocol: Protocol<unknown>
): Effect.Effect<void, ConfigError> => {
  const seats = new Set(protocol.seats.flatMap(({ name, controller }) => [name, controller]))
  const seat = Object.keys(controllers).find((name) => !seats.has(name))
  if (seat !== undefined) return unused(`controllers.${seat}`, "seat", seats)
  const role = Object.keys(roles).find((name) => protocol.roles?.includes(name) === false)
  return role === undefined ? Effect.void : unused(`roles.${role}`, "role", protocol.roles ?? [])
}

/** Makes every part that a configuration names; `snapshots` restores controllers by name. */
export const assemble: (
  config: TeamConfig,
  registry: Registry,
  snapshots?: Readonly<Record<string, ControllerSnapshot>>
) => Effect.Effect<Assembly, TracerError, Scope.Scope> = Effect.fnUntraced(function* (
  config: TeamConfig,
  registry: Registry,
  snapshots: Readonly<Record<string, ControllerSnapshot>> = {}
) {
  yield* requireSpread(config)
  const { byName, byAgent: policies } = yield* makePolicies(config, registry)

  const build = Effect.fnUntraced(function* (
    use: PluginUse,
    path: string,
    existing: ReadonlyMap<string, Controller>
  ) {
    const protocol = yield* registry.make("protocol", use, { agents: [...policies.keys()] }, path)
    const controllers = new Map(existing)
    for (const seat of protocol.seats) {
      if (!policies.has(seat.agent)) {
        return yield* unknownName(`${path}.seats`, "agent", seat.agent, policies.keys())
      }
      if (controllers.has(seat.controller)) continue
      const snapshot = snapshots[seat.controller]
      const context = { seat, policies, ...(snapshot === undefined ? {} : { snapshot }) }
      const own = controllerUse(config, seat)
      controllers.set(seat.controller, yield* registry.make("controller", own.use, context, own.path))
    }
    const game: Game<unknown> = {
      protocol,
      roles: yield* makeRoles(config, protocol, registry),
      controllers,
      policies,
      sampling: () => config.sampling,
      grader: graderFor
    }
    return game
  })

  const game = yield* build(config.protocol, "protocol", new Map())
  yield* requireUsed(config, game.protocol)
  // A baseline plays with the team's controllers, and keeps what it adds to them to itself.
  const under: Assembly["under"] = (use, path) => build(use, path, game.controllers)
  const credit = yield* registry.make("credit", config.credit, { policies: byName }, "credit")
  if (config.learner === undefined) return { config, game, credit, under }
  const learner = yield* registry.make("learner", config.learner, { seed: config.seed, policies }, "learner")
  return { config, game, credit, learner, under }
})
