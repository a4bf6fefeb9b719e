import { Effect, type Scope } from "effect"
import type { PluginUse, TeamConfig } from "../config/team-config.ts"
import type { Controller, ControllerSnapshot } from "../controller.ts"
import type { CreditAssigner } from "../credit.ts"
import type { Game } from "../engine/game.ts"
import { ConfigError, type TracerError } from "../errors.ts"
import type { Learner } from "../learner.ts"
import type { Policy } from "../policy.ts"
import type { Registry } from "../registry/registry.ts"
import type { Role } from "../role.ts"
import { graderFor } from "../task/grader-for.ts"

/** A configuration brought to life. */
export interface Assembly {
  readonly config: TeamConfig
  readonly game: Game<unknown>
  readonly credit: CreditAssigner
  readonly learner?: Learner
  /** The same agents, roles and controllers under another protocol; controllers it lacks start untrained. */
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
  const byName = new Map<string, Policy>()
  for (const [name, use] of Object.entries(config.policies)) {
    byName.set(name, yield* registry.make("policy", use, { name, seed: config.seed }, `policies.${name}`))
  }
  const policies = new Map<string, Policy>()
  for (const [i, agent] of config.agents.entries()) {
    const policy = byName.get(agent.policy)
    if (policy === undefined) {
      return yield* unknownName(`agents[${i}].policy`, "policy", agent.policy, byName.keys())
    }
    policies.set(agent.name, policy)
  }
  const roles = new Map<string, Role>()
  for (const [name, use] of Object.entries(config.roles)) {
    roles.set(name, yield* registry.make("role", use, { name }, `roles.${name}`))
  }

  const controllers = new Map<string, Controller>()
  const under = Effect.fnUntraced(function* (use: PluginUse, path: string) {
    const protocol = yield* registry.make("protocol", use, { agents: [...policies.keys()] }, path)
    for (const seat of protocol.seats) {
      if (!policies.has(seat.agent)) {
        return yield* unknownName(`${path}.seats`, "agent", seat.agent, policies.keys())
      }
      if (controllers.has(seat.controller)) continue
      const snapshot = snapshots[seat.controller]
      const context = snapshot === undefined ? { seat } : { seat, snapshot }
      controllers.set(
        seat.controller,
        yield* registry.make("controller", config.controller, context, "controller")
      )
    }
    const game: Game<unknown> = {
      protocol,
      roles,
      controllers,
      policies,
      sampling: () => config.sampling,
      grader: graderFor
    }
    return game
  })

  const game = yield* under(config.protocol, "protocol")
  const credit = yield* registry.make("credit", config.credit, {}, "credit")
  if (config.learner === undefined) return { config, game, credit, under }
  const learner = yield* registry.make("learner", config.learner, { seed: config.seed, policies }, "learner")
  return { config, game, credit, learner, under }
})
