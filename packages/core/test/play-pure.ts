import type { Protocol, Reading, SeatTurn, Task, View } from "@tracer-sdk/core"

/** What a seat says at its turn. */
export type Say = (turn: SeatTurn, view: View) => { readonly text: string; readonly reading: Reading }

/** Plays a protocol of forced moves without an engine; `visit` is told of the turns that are taken together, before they are. */
export const playPure = <S>(
  protocol: Protocol<S>,
  task: Task,
  say: Say,
  visit: (turns: ReadonlyArray<SeatTurn>, state: S) => void = () => {}
): S => {
  let state = protocol.start(task, 0)
  for (let turn = protocol.turn(state); turn !== undefined; turn = protocol.turn(state)) {
    if (turn.kind === "chance") throw new Error("A protocol of forced moves has no chance turns.")
    const turns = protocol.together?.(state) ?? [turn]
    const before = state
    visit(turns, before)
    for (const one of turns) {
      const utterance = say(one, protocol.view(before, one))
      state = protocol.apply(state, one, { action: one.actions[0]?.name ?? "", utterance })
    }
  }
  return state
}
