import { Effect } from "effect"
import { ConfigError } from "../../errors.ts"
import type { Protocol } from "../../protocol.ts"
import { definePlugin } from "../../registry/plugin.ts"
import type { AnyPlugin } from "../../registry/registry.ts"
import { MctsOptions, mcts } from "./mcts.ts"
import { TreeOfThoughtsOptions, treeOfThoughts } from "./tree-of-thoughts.ts"

const made = <S>(make: () => Protocol<S>): Effect.Effect<Protocol<S>, ConfigError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(make())
    } catch (cause) {
      return cause instanceof ConfigError ? Effect.fail(cause) : Effect.die(cause)
    }
  })

/** The protocols that search over steps of reasoning, by the names that configurations use: `tree-of-thoughts` and `mcts`. */
export const searchPlugins: ReadonlyArray<AnyPlugin> = [
  definePlugin({
    kind: "protocol",
    name: "tree-of-thoughts",
    options: TreeOfThoughtsOptions,
    make: (options, { agents }) => made(() => treeOfThoughts({ ...options, agents }))
  }),
  definePlugin({
    kind: "protocol",
    name: "mcts",
    options: MctsOptions,
    make: (options, context) => made(() => mcts({ ...options, ...context }))
  })
]
