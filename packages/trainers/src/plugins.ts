import { type AnyPlugin, ConfigError, definePlugin, type Policy, StoreError } from "@tracer-sdk/core"
import { Effect } from "effect"
import { GspoOptions, gspoLearner } from "./learner/index.ts"
import { isLocalPolicy, LocalModelOptions, localModel } from "./local/index.ts"

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
    hint: "Give the agent a local policy, name those that have one in learner.agents, or leave the learner out: controllers learn without one."
  })
}

/** The policy `local` and the learner `gspo`, by the names that configurations use. */
export const trainerPlugins: ReadonlyArray<AnyPlugin> = [
  definePlugin({
    kind: "policy",
    name: "local",
    options: LocalModelOptions,
    make: (options, { name, seed }) =>
      localModel({ ...options, name, seed }).pipe(
        Effect.catchTags({
          BackendError: ({ message, hint, cause }) =>
            Effect.fail(new ConfigError({ path: `policies.${name}.backend`, message, hint, cause })),
          ConfigError: ({ path, message, hint }) =>
            Effect.fail(
              new ConfigError({
                path: `policies.${name}.${path}`,
                message: `policies.${name}.${message}`,
                hint
              })
            ),
          ModelError: ({ message, hint, path, cause }) =>
            Effect.fail(new StoreError({ path, message, hint, cause }))
        })
      )
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
