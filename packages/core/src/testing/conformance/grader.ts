import type { Answer, Grader, ReadAnswer } from "../../answer/index.ts"
import { type ConformanceCheck, demand, demandSame, requirement } from "./check.ts"
import { hostileTexts } from "./hostile-texts.ts"

const answerOf = (read: ReadAnswer): ReadonlyArray<Answer> => (read.kind === "answer" ? [read.answer] : [])

/**
 * What every grader has to do, with golds as its data set writes them; no two of them the same answer.
 *
 * Answers that are only written differently are for tests of the grader's own.
 */
export const graderConformance = (
  grader: Grader,
  golds: ReadonlyArray<string>
): ReadonlyArray<ConformanceCheck> => {
  const texts = [...hostileTexts, ...golds, ...golds.map((gold) => `So it is.\nFinal answer: ${gold}`)]
  const read = golds.flatMap((gold) => answerOf(grader.gold(gold)))
  return [
    requirement("reading never throws, and is a function of the text", () => {
      for (const text of texts) {
        demandSame(grader.read(text), grader.read(text), "What was read")
        demandSame(grader.gold(text), grader.gold(text), "A gold")
      }
    }),
    requirement("every gold can be read", () => {
      for (const gold of golds) {
        demand(grader.gold(gold).kind === "answer", `Grader "${grader.name}" cannot read the gold ${gold}.`)
      }
    }),
    requirement("every gold on a final-answer line is right", () => {
      for (const gold of golds) {
        const right = answerOf(grader.gold(gold))
        const said = answerOf(grader.read(`So it is.\nFinal answer: ${gold}`))
        const isRight = said.some((answer) => right.some((other) => grader.equal(answer, other)))
        demand(isRight, `Grader "${grader.name}" takes the gold ${gold} for wrong when it is said.`)
      }
    }),
    requirement("every answer equals itself, and no two golds are equal, in either order", () => {
      for (const [i, answer] of read.entries()) {
        for (const [j, other] of read.entries()) {
          demand(
            grader.equal(answer, { ...other }) === (i === j),
            `Grader "${grader.name}" says that ${answer.text} and ${other.text} are ${i === j ? "different" : "equal"}.`
          )
        }
      }
    }),
    requirement("equality is symmetric, also among answers read from hostile texts", () => {
      const all = texts.flatMap((text) => answerOf(grader.read(text)))
      for (const answer of all) {
        for (const other of all) {
          demandSame(
            grader.equal(answer, other),
            grader.equal(other, answer),
            "An equality the other way round"
          )
        }
      }
    })
  ]
}
