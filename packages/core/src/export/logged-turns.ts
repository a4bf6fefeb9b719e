import { Effect } from "effect"
import type { StoreError } from "../errors.ts"
import type { EventLog } from "../store/event-log.ts"
import type { CreditedTurn } from "./credited-turn.ts"

/** The credited turns that a training run has logged, in the order of the log; those that were not to be learned from are left out. */
export const loggedTurns: (log: EventLog) => Effect.Effect<ReadonlyArray<CreditedTurn>, StoreError> =
  Effect.fnUntraced(function* (log: EventLog) {
    const tasks = new Map<number, { readonly task: string; readonly question: string }>()
    for (const event of yield* log.read("episode-start")) {
      if (event.type !== "episode-start") continue
      tasks.set(event.episode, { task: event.task, question: event.question })
    }
    return (yield* log.read("credit-assigned")).flatMap((event): ReadonlyArray<CreditedTurn> => {
      if (event.type !== "credit-assigned" || event.weight === 0) return []
      const { episode, round, agent, seat, role, prompt, texts, rewards } = event
      const about = tasks.get(episode) ?? { task: "", question: "" }
      const asked = prompt === undefined ? {} : { prompt }
      return [{ episode, ...about, round, agent, seat, role, ...asked, texts, rewards }]
    })
  })
