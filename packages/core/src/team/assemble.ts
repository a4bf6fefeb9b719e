import { Effect, type Scope } from "effect"
import type { PluginUse, TeamConfig } from "../config/team-config.ts"
import type { Controller, ControllerSnapshot } from "../controller.ts"
import type { CreditAssigner } from "../credit.ts"
import type { Game } from "../engine/game.ts"
import { ConfigError, type TracerError } from "../errors.ts"
import type { Prices } from "../evaluation/price.ts"
import type { Learner } from "../learner.ts"
import type { Policy } from "../policy.ts"
import type { Protocol, Seat } from "../protocol.ts"
import type { PluginKinds } from "../registry/plugin.ts"
import type { Registry } from "../registry/registry.ts"
import type { Role } from "../role.ts"
import type { GraderOf } from "../task/grader-for.ts"
import { makeGraders } from "../task/make-graders.ts"
import { type UsageMeter, usageMeter } from "./usage-meter.ts"

/** A configuration brought to life. */
export interface Assembly {
  readonly config: TeamConfig
  readonly game: Game<unknown>
  readonly credit: CreditAssigner
  readonly learner?: Learner
  /** Counts what the team's models read and write, by policy. */
  readonly meter: UsageMeter
  /** Of the agents whose model has a known price. */
  readonly prices: Prices
  /** The same agents and controllers under another protocol; controllers that only it has start untrained. */
  readonly under: (
    protocol: PluginUse,
    path: string
  ) => Effect.Effect<Game<unknown>, TracerError, Scope.Scope>
}

/** Makes a policy that a configuration names, as a registry does. */
export type MakePolicy = (
  use: PluginUse,
  context: PluginKinds["policy"]["context"],
  path: string
) => Effect.Effect<Policy, TracerError, Scope.Scope>

const unknownName = (path: string, kind: string, name: string, known: Iterable<string>) =>
  new ConfigError({
    path,
    message: `${path}: there is no ${kind} "${name}"; known here: ${[...known].join(", ") || "none"}.`,
    hint: `Name one of these, or add it to the configuration's ${kind === "agent" ? "agents" : "policies"}.`
  })

const makePolicies = Effect.fnUntraced(function* (
  { agents, policies, seed }: TeamConfig,
  makePolicy: MakePolicy,
  grader: GraderOf
) {
  const byName = new Map<string, Policy>()
  for (const [name, use] of Object.entries(policies)) {
    byName.set(name, yield* makePolicy(use, { name, seed, grader }, `policies.${name}`))
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
  registry: Registry,
  grader: GraderOf
) {
  const made = new Map<string, Role>()
  for (const name of new Set([...wanted, ...Object.keys(roles)])) {
    const use = roles[name] ?? { use: name }
    made.set(name, yield* registry.make("role", use, { name, grader }, `roles.${name}`))
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

const pricesOf = Effect.fnUntraced(function* ({ agents, policies, prices }: TeamConfig) {
  const known = prices?.perMillionTokens ?? {}
  const stray = Object.keys(known).find((name) => !(name in policies))
  if (stray !== undefined) {
    return yield* unknownName(`prices.perMillionTokens.${stray}`, "policy", stray, Object.keys(policies))
  }
  const byAgent: Prices = new Map(
    agents.flatMap(({ name, policy }) => {
      const price = known[policy]
      return price === undefined ? [] : [[name, price] as const]
    })
  )
  return byAgent
})

/**
 * Makes every part that a configuration names; `snapshots` restores controllers by name, and `makePolicy` may give policies of
 * others' making.
 */
export const assemble: (
  config: TeamConfig,
  registry: Registry,
  snapshots?: Readonly<Record<string, ControllerSnapshot>>,
  makePolicy?: MakePolicy
) => Effect.Effect<Assembly, TracerError, Scope.Scope> = Effect.fnUntraced(function* (
  config: TeamConfig,
  registry: Registry,
  snapshots: Readonly<Record<string, ControllerSnapshot>> = {},
  makePolicy: MakePolicy = (use, context, path) => registry.make("policy", use, context, path)
) {
  yield* requireSpread(config)
  const prices = yield* pricesOf(config)
  const grader = yield* makeGraders(config, registry)
  const bare = yield* makePolicies(config, makePolicy, grader)
  const meter = usageMeter()
  const byName = new Map(Array.from(bare.byName, ([name, policy]) => [name, meter.watch(name, policy)]))
  const policies = new Map<string, Policy>()
  for (const { name, policy } of config.agents) {
    const watched = byName.get(policy)
    if (watched !== undefined) policies.set(name, watched)
  }

  const build = Effect.fnUntraced(function* (
    use: PluginUse,
    path: string,
    existing: ReadonlyMap<string, Controller>
  ) {
    const protocol = yield* registry.make("protocol", use, { agents: [...policies.keys()], grader }, path)
    const controllers = new Map(existing)
    for (const seat of protocol.seats) {
      if (!policies.has(seat.agent)) {
        return yield* unknownName(`${path}.seats`, "agent", seat.agent, policies.keys())
      }
      if (controllers.has(seat.controller)) continue
      const snapshot = snapshots[seat.controller]
      const context = { seat, policies, grader, ...(snapshot === undefined ? {} : { snapshot }) }
      const own = controllerUse(config, seat)
      controllers.set(seat.controller, yield* registry.make("controller", own.use, context, own.path))
    }
    const game: Game<unknown> = {
      protocol,
      roles: yield* makeRoles(config, protocol, registry, grader),
      controllers,
      policies,
      sampling: () => config.sampling,
      grader
    }
    return game
  })

  const game = yield* build(config.protocol, "protocol", new Map())
  yield* requireUsed(config, game.protocol)
  // A baseline plays with the team's controllers, and keeps what it adds to them to itself.
  const under: Assembly["under"] = (use, path) => build(use, path, game.controllers)
  const credit = yield* registry.make("credit", config.credit, { policies: byName }, "credit")
  const assembly: Assembly = { config, game, credit, meter, prices, under }
  if (config.learner === undefined) return assembly
  // A learner changes the weights of the models themselves.
  const context = { seed: config.seed, policies: bare.byAgent }
  return { ...assembly, learner: yield* registry.make("learner", config.learner, context, "learner") }
})
