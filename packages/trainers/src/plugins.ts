import { type AnyPlugin, ConfigError, definePlugin, StoreError } from "@tracer-sdk/core"
import { Effect } from "effect"
import { GspoOptions, gspoLearner } from "./learner/index.ts"
import { isLocalPolicy, LocalModelOptions, localModel } from "./local/index.ts"

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
    make: (options, { seed, policies }) =>
      Effect.acquireRelease(
        Effect.sync(() =>
          gspoLearner({
            seed,
            options,
            adapters: (agent) => {
              const policy = policies.get(agent)
              return policy !== undefined && isLocalPolicy(policy) ? policy.adapters : undefined
            }
          })
        ),
        (learner) => Effect.sync(() => learner.dispose())
      )
  })
]
