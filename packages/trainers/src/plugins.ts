import { type AnyPlugin, ConfigError, definePlugin, StoreError } from "@tracer-sdk/core"
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
