import { type AnyPlugin, definePlugin } from "@tracer-sdk/core"
import { Effect } from "effect"
import { CriticOptions, critic } from "./critic.ts"
import { DebaterOptions, debater } from "./debater.ts"
import { LangchainPolicyOptions, langchainPolicy } from "./policy/langchain.ts"
import { OpenAiPolicyOptions, openaiPolicy } from "./policy/openai.ts"
import { simulatedPolicy } from "./policy/simulated.ts"
import { SimulatedPolicyOptions } from "./policy/simulated-skill.ts"
import { ProposerOptions, proposer } from "./proposer.ts"
import { RefinerOptions, refiner } from "./refiner.ts"
import { ReviewerOptions, reviewer } from "./reviewer.ts"
import { SelectorOptions, selector } from "./selector.ts"
import { ThinkerOptions, thinker } from "./thinker.ts"
import { VerifierOptions, verifier } from "./verifier.ts"

/**
 * The roles and policies of this package, by the names that configurations use: `proposer`, `reviewer`, `debater`, `critic`,
 * `refiner`, `verifier`, `selector` and `thinker`; `simulated`, `openai` and `langchain`.
 */
export const rolePlugins: ReadonlyArray<AnyPlugin> = [
  definePlugin({
    kind: "role",
    name: "proposer",
    options: ProposerOptions,
    make: (options, context) => Effect.sync(() => proposer({ ...options, ...context }))
  }),
  definePlugin({
    kind: "role",
    name: "reviewer",
    options: ReviewerOptions,
    make: (options, { name }) => Effect.sync(() => reviewer({ ...options, name }))
  }),
  definePlugin({
    kind: "role",
    name: "debater",
    options: DebaterOptions,
    make: (options, context) => Effect.sync(() => debater({ ...options, ...context }))
  }),
  definePlugin({
    kind: "role",
    name: "critic",
    options: CriticOptions,
    make: (options, context) => Effect.sync(() => critic({ ...options, ...context }))
  }),
  definePlugin({
    kind: "role",
    name: "refiner",
    options: RefinerOptions,
    make: (options, context) => Effect.sync(() => refiner({ ...options, ...context }))
  }),
  definePlugin({
    kind: "role",
    name: "verifier",
    options: VerifierOptions,
    make: (options, context) => Effect.sync(() => verifier({ ...options, ...context }))
  }),
  definePlugin({
    kind: "role",
    name: "selector",
    options: SelectorOptions,
    make: (options, context) => Effect.sync(() => selector({ ...options, ...context }))
  }),
  definePlugin({
    kind: "role",
    name: "thinker",
    options: ThinkerOptions,
    make: (options, context) => Effect.sync(() => thinker({ ...options, ...context }))
  }),
  definePlugin({
    kind: "policy",
    name: "simulated",
    options: SimulatedPolicyOptions,
    make: (options, { name, grader }) =>
      Effect.sync(() => simulatedPolicy(grader === undefined ? options : { ...options, grader }, name))
  }),
  definePlugin({
    kind: "policy",
    name: "openai",
    options: OpenAiPolicyOptions,
    make: (options, { name }) => Effect.sync(() => openaiPolicy({ ...options, name }))
  }),
  definePlugin({
    kind: "policy",
    name: "langchain",
    options: LangchainPolicyOptions,
    make: (options, { name }) => Effect.sync(() => langchainPolicy({ ...options, name }))
  })
]
