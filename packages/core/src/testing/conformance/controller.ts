import { Effect } from "effect"
import {
  type Controller,
  type ControllerSnapshot,
  type Deliberation,
  isDeliberating,
  isRegretController,
  type LegalActions,
  type Strategy,
  type StrategyMode
} from "../../controller.ts"
import { seedKey, split, uniform } from "../../random.ts"
import { type ConformanceCheck, demand, demandSame, requirement } from "./check.ts"
import { sampleDialogue } from "./sample-dialogues.ts"

/** What a controller's author states beside the way to make one. */
export interface ControllerConformanceOptions {
  /** Brings a snapshot back to life; without it, only taking one is checked. */
  readonly restore?: (snapshot: ControllerSnapshot) => Controller | Promise<Controller>
  /** `false` for a controller that learns nothing from values, as a stated strategy, which plays what it is told in states never seen, too. */
  readonly learns?: boolean
}

const binary: LegalActions = { names: ["skip", "speak"], fallback: "speak", spoken: ["speak"] }
const ternary: LegalActions = {
  names: ["silent", "comment", "answer"],
  fallback: "silent",
  spoken: ["comment", "answer"]
}
const states = [
  { info: "binary", legal: binary },
  { info: "ternary", legal: ternary },
  { info: "other", legal: binary }
]
const modes: ReadonlyArray<StrategyMode> = ["current", "average"]

/** Views that decisions are taken on: those of the sample dialogues, before each of their turns. */
const decisions = Array.from({ length: 5 }, (_, i) => sampleDialogue(i)).flatMap(({ turns }) => turns)

/** Updates with values in [-1, 1], and dialogues to witness, that depend on `from` and `to` alone. */
const teach = (controller: Controller, from: number, to: number): void => {
  const key = split(seedKey(1), "controller-conformance")
  for (let i = from; i < to; i++) {
    const state = states[i % states.length]
    if (state === undefined) continue
    const values = state.legal.names.map((_, a) => 2 * uniform(split(key, i), a) - 1)
    const action = state.legal.names[i % values.length] ?? ""
    const played = { action, strategy: values.map(() => 1 / values.length) }
    controller.update(state.info, state.legal, values, {
      reach: i % 4 === 0 ? 0.5 : 1,
      ...(i % 5 === 0 ? { played } : {})
    })
    controller.witness?.(sampleDialogue(i))
  }
}

const strategiesOf = (controller: Controller) => [
  ...states.flatMap(({ info, legal }) => modes.map((mode) => controller.strategy(info, legal, mode))),
  ...decisions.map(({ view }) => controller.strategy("binary", binary, "average", view))
]

const demandProbabilities = (
  strategy: Strategy,
  { names }: Pick<LegalActions, "names">,
  what: string
): void => {
  const total = strategy.reduce((sum, p) => sum + p, 0)
  const fits = strategy.length === names.length && strategy.every((p) => p >= 0)
  demand(
    fits && Math.abs(total - 1) < 1e-9,
    `${what} is [${strategy.join(", ")}], not probabilities of [${names.join(", ")}].`
  )
}

const demandStrategies = (controller: Controller): void => {
  for (const { info, legal } of states) {
    for (const mode of modes) {
      demandProbabilities(controller.strategy(info, legal, mode), legal, `The ${mode} strategy of "${info}"`)
    }
  }
  for (const { view, turn } of decisions) {
    const strategy = controller.strategy("binary", binary, "average", view)
    demandProbabilities(strategy, binary, `The strategy of round ${turn.round}`)
  }
}

const demandSoundRegret = (controller: Controller): void => {
  if (!isRegretController(controller)) return
  const taught = new Map(states.map(({ info, legal }) => [info, legal.names]))
  for (const state of controller.regret()) {
    const { info, actions, average, visits, averageRegret, bound, invariantHolds } = state
    const names = taught.get(info)
    demandSame(actions, names, `The actions in what was measured of "${info}"`)
    demandProbabilities(average, { names: actions }, `The average strategy in what was measured of "${info}"`)
    demand(Number.isInteger(visits) && visits > 0, `"${info}" was measured after ${visits} visits.`)
    demand(
      averageRegret >= 0 && averageRegret <= bound * (1 + 1e-9) && Number.isFinite(bound),
      `The average regret of "${info}" is ${averageRegret}, which is not from 0 to its bound ${bound}.`
    )
    demand(invariantHolds, `The regrets of "${info}" are larger than what was added to them.`)
  }
}

const deliberations: ReadonlyArray<Deliberation> = decisions.map(({ turn, info, view }, seed) => ({
  turn,
  info,
  legal: {
    names: turn.actions.map(({ name }) => name),
    fallback: turn.fallback,
    spoken: ["speak"]
  },
  mode: "average",
  view,
  seed
}))

const requireSoundDeliberation = async (make: () => Controller): Promise<void> => {
  const [one, other] = [make(), make()]
  for (const deliberation of deliberations) {
    if (!isDeliberating(one) || !isDeliberating(other)) return
    const thought = await Effect.runPromise(one.deliberate(deliberation))
    const { round } = deliberation.turn
    demandProbabilities(thought.strategy, deliberation.legal, `What was decided in round ${round}`)
    const { prompt, completion } = thought.usage
    demand(
      [prompt, completion].every((tokens) => Number.isInteger(tokens) && tokens >= 0),
      `Deciding in round ${round} took ${prompt} and ${completion} tokens, which are no counts.`
    )
    const again = await Effect.runPromise(other.deliberate(deliberation))
    demandSame(again, thought, `What another one decided in round ${round}`)
  }
}

/** What every controller has to do; `make` gives a fresh one each time. */
export const controllerConformance = (
  make: () => Controller,
  { restore, learns = true }: ControllerConformanceOptions = {}
): ReadonlyArray<ConformanceCheck> => [
  requirement("strategies are probabilities of the legal actions, before and after learning", () => {
    const controller = make()
    demandStrategies(controller)
    for (let i = 0; i < 60; i += 3) {
      teach(controller, i, i + 3)
      demandStrategies(controller)
    }
  }),
  requirement("the same updates give the same strategies, and asking changes nothing", () => {
    const [one, other] = [make(), make()]
    teach(one, 0, 30)
    for (let i = 0; i < 30; i++) {
      teach(other, i, i + 1)
      strategiesOf(other)
      other.snapshot()
    }
    demandSame(strategiesOf(other), strategiesOf(one), "A controller that was asked in between")
  }),
  ...(isDeliberating(make())
    ? [
        requirement(
          "thinking gives probabilities and counts tokens, and is a function of what is asked",
          () => requireSoundDeliberation(make)
        )
      ]
    : []),
  ...(isRegretController(make())
    ? [
        requirement("the regret that it measures is within its bound wherever it was taught", () => {
          const controller = make()
          for (let i = 0; i < 60; i += 3) {
            teach(controller, i, i + 3)
            demandSoundRegret(controller)
          }
        })
      ]
    : []),
  ...(learns
    ? [
        requirement("the average strategy of a state never seen is the fallback", () => {
          for (const legal of [binary, ternary]) {
            const expected = legal.names.map((name) => (name === legal.fallback ? 1 : 0))
            demandSame(make().strategy("never seen", legal, "average"), expected, "The average strategy")
          }
        }),
        requirement("an action that is always best is learned", () => {
          const controller = make()
          for (let i = 0; i < 500; i++) controller.update("s", ternary, [-1, -1, 1])
          const [, , best = 0] = controller.strategy("s", ternary, "average")
          demand(best > 0.9, `After 500 updates the best of three actions has the probability ${best}.`)
        })
      ]
    : []),
  requirement("a snapshot is JSON, and its numbers come back exactly", () => {
    const controller = make()
    teach(controller, 0, 30)
    const snapshot = controller.snapshot()
    demand(snapshot.kind !== "" && Number.isInteger(snapshot.version), "A snapshot has a kind and a version.")
    const finite = (value: unknown): boolean =>
      typeof value === "number"
        ? Number.isFinite(value) && !Object.is(value, -0)
        : typeof value !== "object" || value === null || Object.values(value).every(finite)
    demand(finite(snapshot.state), "A snapshot holds a number that JSON does not keep: -0, NaN or infinite.")
    demandSame(controller.snapshot(), snapshot, "A second snapshot")
  }),
  ...(restore === undefined
    ? []
    : [
        requirement("a restored controller goes on as if it had never stopped", async () => {
          const controller = make()
          teach(controller, 0, 30)
          const snapshot = controller.snapshot()
          const restored = await restore(JSON.parse(JSON.stringify(snapshot)))
          demandSame(restored.snapshot(), snapshot, "The restored snapshot")
          teach(controller, 30, 60)
          teach(restored, 30, 60)
          demandSame(restored.snapshot(), controller.snapshot(), "The snapshot after more updates")
          demandSame(strategiesOf(restored), strategiesOf(controller), "The strategies after more updates")
        })
      ])
]
