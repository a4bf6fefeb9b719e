import {
  type AnyPlugin,
  ConfigError,
  definePlugin,
  type Policy,
  type PolicyError,
  StoreError
} from "@tracer-sdk/core"
import { Effect } from "effect"
import type { BackendError } from "./backend/index.ts"
import type { ModelError } from "./files/model-error.ts"
import { GspoOptions, gspoLearner } from "./learner/index.ts"
import { isLocalPolicy, LocalModelOptions, localModel } from "./local/index.ts"
import { ServedModelOptions, servedModel } from "./rollouts/index.ts"

/** Fails with `ConfigError` where the agents that are to learn are not all in the team. */
const requireKnown = (
  agents: ReadonlyArray<string>,
  known: ReadonlyMap<string, unknown>
): Effect.Effect<void, ConfigError> => {
  const index = agents.findIndex((agent) => !known.has(agent))
  if (index < 0) return Effect.void
  const path = `learner.agents[${index}]`
  return new ConfigError({
    path,
    message: `${path}: there is no agent "${agents[index]}"; known here: ${[...known.keys()].join(", ")}.`,
    hint: "Name agents of the team, or leave out learner.agents: then all of them learn."
  })
}

/** Fails with `ConfigError` where an agent is to learn whose model has no weights in this process. */
const requireWeights = (
  agents: ReadonlyArray<string>,
  policies: ReadonlyMap<string, Policy>
): Effect.Effect<void, ConfigError> => {
  const agent = agents.find((name) => {
    const policy = policies.get(name)
    return policy !== undefined && !isLocalPolicy(policy)
  })
  if (agent === undefined) return Effect.void
  return new ConfigError({
    path: "learner",
    message: `learner: ${agent} speaks through "${policies.get(agent)?.name}", which has no weights here that could be trained.`,
    hint: "Give the agent the policy local or served, name those that have one in learner.agents, or leave the learner out: controllers learn without one."
  })
}

/** What a user is told of a model that did not load: where in the configuration, or in which file. */
const asTracerError =
  (policy: string) =>
  (error: BackendError | ModelError | ConfigError | PolicyError): ConfigError | StoreError | PolicyError => {
    const { message, hint, cause } = error
    switch (error._tag) {
      case "BackendError":
        return new ConfigError({ path: `policies.${policy}.backend`, message, hint, cause })
      case "ConfigError":
        return new ConfigError({
          path: `policies.${policy}.${error.path}`,
          message: `policies.${policy}.${message}`,
          hint
        })
      case "ModelError":
        return new StoreError({ path: error.path, message, hint, cause })
      case "PolicyError":
        return error
    }
  }

/** The policies `local` and `served` and the learner `gspo`, by the names that configurations use. */
export const trainerPlugins: ReadonlyArray<AnyPlugin> = [
  definePlugin({
    kind: "policy",
    name: "local",
    options: LocalModelOptions,
    make: (options, { name, seed }) =>
      Effect.mapError(localModel({ ...options, name, seed }), asTracerError(name))
  }),
  definePlugin({
    kind: "policy",
    name: "served",
    options: ServedModelOptions,
    make: (options, { name, seed }) =>
      Effect.mapError(servedModel({ ...options, name, seed }), asTracerError(name))
  }),
  definePlugin({
    kind: "learner",
    name: "gspo",
    options: GspoOptions,
    make: Effect.fnUntraced(function* (options, { seed, policies }) {
      yield* requireKnown(options.agents ?? [], policies)
      yield* requireWeights(options.agents ?? [...policies.keys()], policies)
      const learner = Effect.sync(() =>
        gspoLearner({
          seed,
          options,
          adapters: (agent) => {
            const policy = policies.get(agent)
            return policy !== undefined && isLocalPolicy(policy) ? policy.adapters : undefined
          }
        })
      )
      return yield* Effect.acquireRelease(learner, (made) => Effect.sync(() => made.dispose()))
    })
  })
]
