// A protocol of one's own: two proposers who do not hear each other, and a judge where they differ.
//
//   node examples/own-protocol.ts
import { controllerPlugins } from "@tracer-sdk/controllers"
import {
  type Answer,
  arithmeticTasks,
  corePlugins,
  definePlugin,
  learnedStates,
  type Protocol,
  type SeatTurn,
  Team,
  type View
} from "@tracer-sdk/core"
import { protocolConformance } from "@tracer-sdk/core/testing"
import { rolePlugins } from "@tracer-sdk/roles"
import { Effect, Schema } from "effect"

interface State {
  readonly round: number
  readonly view: View // its pending answer is the first proposer's
  readonly second?: Answer | undefined
  readonly overruled: boolean
}

/** Ann proposes; Bob proposes or passes; where they differ, the judge is asked about Ann's answer, or not. */
const secondOpinion = ([first, second, judge]: readonly [string, string, string]): Protocol<State> => {
  const seat = (agent: string, name: string) => ({ agent, name, controller: `${agent}.${name}` })
  const propose = { name: "propose", role: "proposer" }
  const ask = { name: "judge", role: "reviewer" }
  const turns: ReadonlyArray<Omit<SeatTurn, "kind" | "round">> = [
    { seat: seat(first, "first"), actions: [propose], fallback: "propose" },
    { seat: seat(second, "second"), actions: [{ name: "pass" }, propose], fallback: "propose" },
    { seat: seat(judge, "judge"), actions: [{ name: "trust" }, ask], fallback: "judge" }
  ]
  const differ = ({ view, second: b }: State) => b && b.canonical !== view.pending?.answer?.canonical
  return {
    name: "second-opinion",
    seats: turns.map((turn) => turn.seat),
    roles: [propose.role, ask.role],
    start: (task) => ({ round: 1, view: { task, transcript: [] }, overruled: false }),
    turn: (state) => {
      const turn = state.round === 3 && !differ(state) ? undefined : turns[state.round - 1]
      return turn && { kind: "seat", round: state.round, ...turn }
    },
    observe: (_, { round }) => (round === 2 ? "one answer" : "two answers"),
    view: ({ round, view }) => (round === 2 ? { task: view.task, transcript: [] } : view),
    apply: ({ round, view, ...state }, turn, { action, utterance }) => {
      if (turn.kind !== "seat") throw new RangeError("second-opinion leaves nothing to chance.")
      const { agent, name } = turn.seat
      const said = utterance && { role: round === 3 ? "reviewer" : "proposer", ...utterance }
      const transcript = [...view.transcript, { round, agent, seat: name, action, ...said }]
      const reading = utterance?.reading
      const answer = reading?.kind === "proposal" ? { answer: reading.answer } : {}
      const pending = round === 1 ? { text: utterance?.text ?? "", ...answer } : view.pending
      return {
        round: round + 1,
        view: { task: view.task, transcript, ...(pending && { pending }) },
        second: round === 2 ? answer.answer : state.second,
        overruled: reading?.kind === "verdict" && reading.verdict === "wrong"
      }
    },
    answer: ({ view, second, overruled }) => (overruled ? second : (view.pending?.answer ?? second))
  }
}

const heldOut = arithmeticTasks({ split: "test", seed: 1, count: 600 })
const checks = protocolConformance(secondOpinion(["ann", "bob", "cyd"]), heldOut.slice(0, 5))
for (const { name, check } of checks) {
  await check()
  console.log(`holds: ${name}`)
}

const plugin = definePlugin({
  kind: "protocol",
  name: "second-opinion",
  options: Schema.Struct({}),
  make: (_, { agents: [first = "", second = "", judge = ""] }) =>
    Effect.succeed(secondOpinion([first, second, judge]))
})
const judges = {
  "a good judge": { rightGivenRight: 0.9, rightGivenWrong: 0.2 },
  "a judge that tosses a coin": { rightGivenRight: 0.5, rightGivenWrong: 0.5 }
}

for (const [judge, skill] of Object.entries(judges)) {
  console.log(`\n${judge}:`)
  await using team = await Team.create(
    {
      agents: ["ann", "bob", "cyd"].map((name) => ({ name, policy: "model" })),
      policies: { model: { use: "simulated", right: 0.6, ...skill } },
      protocol: { use: "second-opinion" },
      controller: { use: "regret-matching" },
      credit: { use: "tracer", tokenCost: 0.2 }
    },
    [...corePlugins, ...rolePlugins, ...controllerPlugins, plugin]
  )
  const show = async (system: string) => {
    const { accuracy, promptTokens, completionTokens } = await team.evaluate(heldOut, { selection: "greedy" })
    const tokens = (promptTokens + completionTokens).toFixed(0)
    console.log(`  ${system}: ${(100 * accuracy.mean).toFixed(1)}% right, ${tokens} tokens a task`)
  }
  await show("untrained, everybody speaks")
  await team.train(arithmeticTasks({ split: "train", seed: 1, count: 400 }))
  await show("trained")
  for (const { controller, info, actions, average } of learnedStates(team.runtime.assembly.game)) {
    const strategy = actions.map((action, i) => `${action} ${(100 * (average[i] ?? 0)).toFixed(0)}%`)
    console.log(`    ${controller}, ${info}: ${strategy.join(", ")}`)
  }
}
