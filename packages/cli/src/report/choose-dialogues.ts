/** As much of a dialogue as choosing takes. */
interface Choosable {
  readonly system: string
  readonly turns: ReadonlyArray<{ readonly agent: string; readonly text?: string; readonly credit: number }>
}

const isExchange = ({ turns }: Choosable): boolean =>
  new Set(turns.flatMap(({ agent, text }) => (text === undefined ? [] : [agent]))).size > 1

/** How much the turns changed, in sum: what helped and what did harm alike. */
const effect = ({ turns }: Choosable): number => turns.reduce((sum, { credit }) => sum + Math.abs(credit), 0)

/**
 * The dialogues worth a reader's time, at most `most`: those in which several agents spoke before those without an exchange, and
 * within these those in which turns counted most; one of each system before a second one of any. Otherwise in their order.
 */
export const chooseDialogues = <A extends Choosable>(
  dialogues: ReadonlyArray<A>,
  most: number
): ReadonlyArray<A> => {
  const sorted = dialogues.toSorted(
    (a, b) => Number(isExchange(b)) - Number(isExchange(a)) || effect(b) - effect(a)
  )
  const turnOf = new Map<string, number>()
  return sorted
    .map((dialogue) => {
      const before = turnOf.get(dialogue.system) ?? 0
      turnOf.set(dialogue.system, before + 1)
      return { dialogue, before }
    })
    .toSorted((a, b) => a.before - b.before)
    .slice(0, most)
    .map(({ dialogue }) => dialogue)
}
