import { legalActions, turnsTogether } from "../../engine/move.ts"
import type { Act, Protocol, SeatTurn, Turn } from "../../protocol.ts"
import { below, pickIndex, type RandomKey, seedKey, split, uniform } from "../../random.ts"
import type { Task } from "../../task.ts"
import type { Reading } from "../../transcript.ts"
import { type ConformanceCheck, demand, demandSame, requirement } from "./check.ts"

const said: ReadonlyArray<{ readonly text: string; readonly reading: Reading }> = [
  { text: "5", reading: { kind: "proposal", answer: { text: "5", canonical: "5" } } },
  { text: "4", reading: { kind: "proposal", answer: { text: "4", canonical: "4" } } },
  { text: "RIGHT", reading: { kind: "verdict", verdict: "right" } },
  { text: "WRONG", reading: { kind: "verdict", verdict: "wrong" } },
  { text: "Hm.", reading: { kind: "comment" } },
  { text: "Score: 0.5", reading: { kind: "score", score: 0.5 } },
  { text: "", reading: { kind: "unreadable", expected: "proposal", reason: "nothing was said" } },
  { text: "?", reading: { kind: "unreadable", expected: "verdict", reason: "no verdict" } }
]

/** A random move; a seat that is offered options names one of them half of the time. */
const movesOf = (turn: Turn, key: RandomKey, options: ReadonlyArray<string> = []): Act => {
  if (turn.kind === "chance") {
    const index = pickIndex(
      turn.outcomes.map(({ probability }) => probability),
      uniform(key)
    )
    return { action: turn.outcomes[index]?.name ?? "" }
  }
  const action = turn.actions[below(key, turn.actions.length)]
  const choice =
    options.length > 0 && below(key, 2, 2) === 0 ? options[below(key, options.length, 1)] : undefined
  const utterance =
    choice === undefined
      ? said[below(key, said.length, 1)]
      : { text: choice, reading: { kind: "choice", choice } as const }
  if (action === undefined) return { action: "" }
  return action.role === undefined || utterance === undefined
    ? { action: action.name }
    : { action: action.name, utterance }
}

/** What every protocol has to do, shown by `plays` random plays of each task, whatever is said and understood. */
export const protocolConformance = <S>(
  protocol: Protocol<S>,
  tasks: ReadonlyArray<Task>,
  { plays = 20, maxTurns = 1_000 }: { readonly plays?: number; readonly maxTurns?: number } = {}
): ReadonlyArray<ConformanceCheck> => {
  /** Plays at random; `visit` sees every position before its move. */
  const play = (task: Task, number: number, visit: (state: S, turn: Turn) => void = () => {}) => {
    const key = split(seedKey(number), "protocol-conformance", task.id)
    const trace: Array<unknown> = []
    let state = protocol.start(task, number)
    for (let turn = protocol.turn(state), n = 0; turn !== undefined; turn = protocol.turn(state), n++) {
      demand(n < maxTurns, `A play of "${protocol.name}" is not over after ${maxTurns} turns.`)
      visit(state, turn)
      const options = turn.kind === "seat" ? protocol.view(state, turn).options : undefined
      const act = movesOf(turn, split(key, n), options)
      trace.push(turn, turn.kind === "seat" ? protocol.observe(state, turn) : "chance", act)
      state = protocol.apply(state, turn, act)
    }
    return { state, trace: [...trace, protocol.view(state), protocol.answer(state) ?? "no answer"] }
  }
  const every = (visit: (task: Task, number: number) => void) => () => {
    for (const task of tasks) for (let number = 0; number < plays; number++) visit(task, number)
  }

  return [
    requirement(
      "every play ends",
      every((task, number) => void play(task, number))
    ),
    requirement(
      "a replay is identical",
      every((task, number) => demandSame(play(task, number).trace, play(task, number).trace, "A replay"))
    ),
    requirement(
      "turns offer actions of different names, one of which is the fallback, to a seat that is listed",
      every((task, number) => {
        play(task, number, (_, turn) => {
          if (turn.kind === "chance") {
            const total = turn.outcomes.reduce((sum, { probability }) => sum + probability, 0)
            demand(Math.abs(total - 1) < 1e-9, `Chance probabilities sum to ${total}.`)
            return
          }
          const { names, fallback } = legalActions(turn)
          demand(new Set(names).size === names.length, `Action names repeat: ${names.join(", ")}.`)
          demand(names.includes(fallback), `The fallback "${fallback}" is none of: ${names.join(", ")}.`)
          const listed = protocol.seats.some(
            ({ name, agent, controller }) =>
              name === turn.seat.name && agent === turn.seat.agent && controller === turn.seat.controller
          )
          demand(listed, `Seat ${JSON.stringify(turn.seat)} is not among the protocol's seats.`)
        })
      })
    ),
    requirement(
      "actions speak through roles that are listed",
      every((task, number) => {
        play(task, number, (_, turn) => {
          if (turn.kind === "chance") return
          for (const { name, role } of turn.actions) {
            const listed = role === undefined || protocol.roles?.includes(role) === true
            demand(
              listed,
              `The action "${name}" speaks as "${role}", which is not among the protocol's roles.`
            )
          }
        })
      })
    ),
    requirement("one information state has one set of actions", () => {
      const known = new Map<string, string>()
      every((task, number) => {
        play(task, number, (state, turn) => {
          if (turn.kind === "chance" || turn.actions.length === 1) return
          const key = JSON.stringify([turn.seat.controller, protocol.observe(state, turn)])
          const names = legalActions(turn).names.join(", ")
          const before = known.get(key) ?? names
          demand(before === names, `${key} has the actions [${names}] here and [${before}] before.`)
          known.set(key, names)
        })
      })()
    }),
    requirement(
      "states are immutable: looking at one and moving on from it change nothing in it",
      every((task, number) => {
        const { trace } = play(task, number, (state, turn) => {
          const before = JSON.stringify(state)
          protocol.view(state)
          protocol.answer(state)
          protocol.apply(state, turn, movesOf(turn, seedKey(number)))
          demand(JSON.stringify(state) === before, `A state was changed: ${before}.`)
        })
        // What JSON does not show, maps and sets and closures, shows in how the play goes on.
        demandSame(trace, play(task, number).trace, "A play from whose states other moves were tried")
      })
    ),
    requirement(
      "every turn of a play has a number of its own",
      every((task, number) => {
        const rounds = new Set<number>()
        play(task, number, (_, turn) => {
          if (turn.kind === "chance") return
          demand(Number.isSafeInteger(turn.round) && turn.round > 0, `A turn has the number ${turn.round}.`)
          demand(!rounds.has(turn.round), `Two turns of one play have the number ${turn.round}.`)
          rounds.add(turn.round)
        })
      })
    ),
    ...(protocol.together === undefined
      ? []
      : [
          requirement(
            "of turns taken together the first is the current one, and none hears of the others",
            every((task, number) => {
              const key = split(seedKey(number), "together")
              play(task, number, (state, current) => {
                if (current.kind === "chance") return
                const [first, ...others] = turnsTogether(protocol, state, current)
                demandSame(first, current, "The first of the turns taken together")
                const sight = (from: S, turn: SeatTurn) => [
                  protocol.observe(from, turn),
                  protocol.view(from, turn)
                ]
                const before = others.map((turn) => sight(state, turn))
                let after = protocol.apply(state, current, movesOf(current, split(key, current.round)))
                for (const [i, turn] of others.entries()) {
                  demandSame(
                    protocol.turn(after),
                    turn,
                    "The turn after those that it is taken together with"
                  )
                  const left = turnsTogether(protocol, after, turn)
                  demandSame(left, others.slice(i), "What is left of the turns taken together")
                  demandSame(sight(after, turn), before[i], `What round ${turn.round} observes and sees`)
                  after = protocol.apply(after, turn, movesOf(turn, split(key, turn.round)))
                }
              })
            })
          )
        ]),
    ...(protocol.returns === undefined
      ? []
      : [
          requirement(
            "a finished game pays every seat a finite amount",
            every((task, number) => {
              const payoffs = protocol.returns?.(play(task, number).state) ?? {}
              for (const { name } of protocol.seats) {
                demand(Number.isFinite(payoffs[name]), `Seat "${name}" is paid ${payoffs[name]}.`)
              }
            })
          )
        ])
  ]
}
