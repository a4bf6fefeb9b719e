import type { CreditedGroup, GenerateRequest, Policy, Prompt } from "@tracer-sdk/core"
import { arithmeticTasks, exactGrader } from "@tracer-sdk/core"
import { Effect } from "effect"
import type { Adapter } from "../src/decoder/index.ts"
import { servedModel } from "../src/rollouts/index.ts"
import { llamaCppRoutes } from "./llama-cpp-routes.ts"
import { type Fault, loopbackServer } from "./loopback-server.ts"
import type { NanoEngine } from "./nano-engine.ts"
import { type VllmSettings, vllmRoutes } from "./vllm-routes.ts"

/** What can go wrong with a call, by its route and number. */
export type Faults = (route: string, call: number) => Fault | undefined

/** Faults of one route, from its second call on: the first is the check at the start. */
export const afterTheCheck =
  (route: string, fault: (call: number) => Fault | undefined): Faults =>
  (asked, call) =>
    asked === route && call > 0 ? fault(call - 1) : undefined

type PolicyOptions = Partial<Parameters<typeof servedModel>[0]>

/** A vLLM server of the small model on loopback, and the policy that speaks through it. */
export const throughVllm = Effect.fnUntraced(function* (
  engine: NanoEngine,
  { fault, policy = {}, ...settings }: VllmSettings & { fault?: Faults; policy?: PolicyOptions } = {}
) {
  const adapters = new Map<string, Adapter>()
  const server = yield* loopbackServer(vllmRoutes(engine, adapters, settings), fault)
  const served = yield* servedModel({
    backend: "wasm",
    seed: 1,
    backoff: 1,
    dialect: "vllm",
    baseURL: server.url,
    ...policy
  })
  return { adapters, server, served }
})

/** A llama.cpp server of the small model on loopback, and the policy that speaks through it. */
export const throughLlamaCpp = Effect.fnUntraced(function* (
  engine: NanoEngine,
  { fault, policy = {} }: { fault?: Faults; policy?: PolicyOptions } = {}
) {
  const server = yield* loopbackServer(llamaCppRoutes(engine), fault)
  const served = yield* servedModel({
    backend: "wasm",
    seed: 1,
    backoff: 1,
    dialect: "llama.cpp",
    baseURL: server.url,
    ...policy
  })
  return { server, served }
})

/** A question as the small model knows to read it. */
const asked = (question: string): Prompt => ({
  messages: [
    { role: "system", content: "Solve." },
    { role: "user", content: question }
  ]
})

/** A question that the small model answers right more often than not. */
export const request: GenerateRequest = {
  prompt: asked("Tom has 3 apples and buys 4 more. How many apples does Tom have?"),
  samples: 4,
  sampling: { temperature: 1, maxTokens: 32 },
  seed: 5,
  agent: "ada",
  role: "proposer",
  view: { task: { id: "t", question: "q" }, transcript: [] }
}

/** Groups of answers to the first arithmetic problems, other draws for each batch, rewarded where they are right. */
export const drawGroups = Effect.fnUntraced(function* (policy: Policy, batch: number, count: number) {
  const tasks = arithmeticTasks({ split: "train", count, seed: 1 })
  return yield* Effect.forEach(
    tasks,
    Effect.fnUntraced(function* (task, i) {
      const prompt = asked(task.question)
      const completions = yield* policy.generate({ ...request, prompt, seed: 1000 * batch + i })
      const right = (text: string) => text.endsWith(`Final answer: ${task.gold?.replace("#### ", "")}`)
      const group: CreditedGroup = {
        episode: i,
        agent: request.agent,
        seat: "proposer",
        role: request.role,
        round: 1,
        task,
        grader: exactGrader,
        view: request.view,
        prompt,
        sampling: request.sampling,
        utterances: completions.map((completion) => ({
          completion,
          reading: { kind: "comment" as const }
        })),
        credit: { rewards: completions.map(({ text }) => (right(text) ? 1 : -1)), weight: 1 }
      }
      return group
    }),
    { concurrency: "unbounded" }
  )
})
