import type { VerdictCounts } from "./dialogue-record.ts"

const ratio = (count: number, of: number): number => (of === 0 ? 0 : count / of)

/** Sums counts of verdicts. */
export const sumVerdicts = (counts: ReadonlyArray<VerdictCounts>): VerdictCounts => {
  const sum = { wrongOfWrong: 0, wrongOfRight: 0, rightOfWrong: 0, rightOfRight: 0, unreadable: 0 }
  for (const one of counts) {
    sum.wrongOfWrong += one.wrongOfWrong
    sum.wrongOfRight += one.wrongOfRight
    sum.rightOfWrong += one.rightOfWrong
    sum.rightOfRight += one.rightOfRight
    sum.unreadable += one.unreadable
  }
  return sum
}

/**
 * How well verdicts find wrong answers, "wrong" being the positive class; `undefined` where nobody reviewed. Where answers were all
 * right or all wrong, the balanced accuracy is the share of true verdicts.
 */
export const reviewQuality = (counts: VerdictCounts) => {
  const { wrongOfWrong, wrongOfRight, rightOfWrong, rightOfRight, unreadable } = counts
  const wrong = wrongOfWrong + rightOfWrong
  const right = wrongOfRight + rightOfRight
  if (wrong + right + unreadable === 0) return undefined
  const recall = ratio(wrongOfWrong, wrong)
  return {
    wrongGivenWrong: { count: wrongOfWrong, of: wrong },
    wrongGivenRight: { count: wrongOfRight, of: right },
    unreadable,
    precision: ratio(wrongOfWrong, wrongOfWrong + wrongOfRight),
    recall,
    balancedAccuracy:
      wrong === 0 || right === 0
        ? ratio(wrongOfWrong + rightOfRight, wrong + right)
        : (recall + rightOfRight / right) / 2
  }
}
