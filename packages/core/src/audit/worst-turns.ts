import type { TurnAudit } from "./turn-audit.ts"

/** How bad a turn is: harm before contradiction before agreement that changed nothing; 0 is not bad. */
const badness = ({ effect, contradiction, emptyAgreement }: TurnAudit): number =>
  (effect < 0 ? 4 : 0) + (contradiction === undefined ? 0 : 2) + (emptyAgreement ? 1 : 0)

/**
 * The turns that most deserve a look, the worst first: those that spoilt a right answer, then verdicts against their own reasons, then
 * agreement that changed nothing; among equals the costliest, then the earliest. Turns that did no wrong are left out.
 */
export const worstTurns = (turns: ReadonlyArray<TurnAudit>, most: number): ReadonlyArray<TurnAudit> =>
  turns
    .filter((turn) => badness(turn) > 0)
    .toSorted(
      (a, b) => badness(b) - badness(a) || b.tokens - a.tokens || a.episode - b.episode || a.round - b.round
    )
    .slice(0, most)
