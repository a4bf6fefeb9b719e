import { counted, fixed, percent, percentRange, pointsWithRange } from "../../render/number.ts"
import { tokensOf } from "../benchmark-index.ts"
import type { Inline, Words } from "../document.ts"
import type { Findings, LearningFinding, PairFinding } from "../findings.ts"
import { type Verdict, verdictOf } from "../verdict.ts"
import { joined, names } from "./names.ts"

type Sentence = ReadonlyArray<Inline>
type Titled = readonly [title: string, sentence: Sentence]

const tokens = (value: number): string => `${fixed(value, 1)} tokens per task`

const bestWords = ({ best, overlapping, baseline, comparisons, measured }: Findings): Sentence => {
  const [first] = best
  if (first === undefined) return ["Nothing was measured."]
  const level = `${percent(first.accuracy.mean)} (95% interval ${percentRange(first.accuracy)})`
  if (measured === 1) {
    return ["Only ", { strong: first.system }, ` was measured: ${level}, at ${tokens(tokensOf(first))}.`]
  }
  const lead: Sentence =
    best.length > 1
      ? [...names(best.map(({ system }) => system)), ` share the highest accuracy, ${level}.`]
      : [{ strong: first.system }, ` has the highest accuracy, ${level}, at ${tokens(tokensOf(first))}.`]
  const pair = comparisons.find(({ system }) => system === first.system)
  const against: Sentence =
    baseline === undefined
      ? []
      : best.includes(baseline)
        ? [` No system is more accurate than the baseline${best.length > 1 ? ", which is among them" : ""}.`]
        : pair === undefined
          ? []
          : verdictOf(pair.accuracy) === "unclear"
            ? [
                " No difference from the baseline ",
                { strong: baseline.system },
                ` could be shown: ${pointsWithRange(pair.accuracy)}.`
              ]
            : [
                ` That is ${pointsWithRange(pair.accuracy)} against the baseline `,
                { strong: baseline.system },
                `, which has ${percent(baseline.accuracy.mean)} at ${tokens(tokensOf(baseline))}.`
              ]
  const ranks: Sentence =
    overlapping.length === 0
      ? []
      : [
          overlapping.length === 1 ? " The interval of " : " The intervals of ",
          ...names(overlapping, 4),
          overlapping.length === 1 ? " overlaps" : " overlap",
          " with its own, so that the order among them is not settled."
        ]
  return [...lead, ...against, ...ranks]
}

const sorted = <A>(items: ReadonlyArray<A>, verdict: (item: A) => Verdict) => ({
  better: items.filter((item) => verdict(item) === "better"),
  worse: items.filter((item) => verdict(item) === "worse"),
  unclear: items.filter((item) => verdict(item) === "unclear")
})

const baselineWords = ({ comparisons, baseline, measured }: Findings, name: string): Sentence => {
  if (measured < 2 && baseline !== undefined) return []
  if (baseline === undefined) {
    return measured === 0
      ? []
      : ["The baseline ", { strong: name }, " was not measured, so that nothing is compared with it."]
  }
  if (comparisons.length === 0) return []
  const { better, worse, unclear } = sorted(comparisons, ({ accuracy }) => verdictOf(accuracy))
  const part = (pairs: typeof comparisons, what: string): ReadonlyArray<Sentence> =>
    pairs.length === 0
      ? []
      : [
          [
            `${pairs.length} did ${what} (`,
            ...joined(
              pairs.map((pair) => [{ strong: pair.system }, ` ${points(pair.accuracy.mean)}`]),
              4
            ),
            ")"
          ]
        ]
  const parts: ReadonlyArray<Sentence> = [
    ...part(
      better.toSorted((a, b) => b.accuracy.mean - a.accuracy.mean),
      "better"
    ),
    ...part(
      worse.toSorted((a, b) => a.accuracy.mean - b.accuracy.mean),
      "worse"
    ),
    ...(unclear.length === 0
      ? []
      : [
          [
            `for ${unclear.length} no difference could be shown, since ${unclear.length === 1 ? "the interval holds" : "their intervals hold"} zero`
          ]
        ])
  ]
  const chance = Math.round(comparisons.length * 0.05)
  return [
    `Of ${counted(comparisons.length, "system")} compared with `,
    { strong: name },
    ", ",
    ...joined(parts),
    ".",
    chance < 1
      ? ""
      : ` Were all of them its equals, about ${chance} of so many intervals would still leave zero out, by chance.`
  ]
}

const points = (share: number): string => `${share > 0 ? "+" : ""}${fixed(100 * share, 1)}`

const pairWords = ({ system, against, difference }: PairFinding): Sentence => [
  { strong: system },
  " against ",
  { strong: against },
  ` ${pointsWithRange(difference)}`
]

const byVerdict = <A extends PairFinding>(findings: ReadonlyArray<A>) =>
  sorted(
    findings.toSorted((a, b) => b.difference.mean - a.difference.mean),
    ({ difference }) => verdictOf(difference)
  )

/** Pairs by what was shown of them, under a title each, at most `most` under one. */
const pairsWords = (
  findings: ReadonlyArray<PairFinding>,
  titles: Readonly<Record<Verdict, string>>,
  most: number
): ReadonlyArray<Titled> => {
  const { better, worse, unclear } = byVerdict(findings)
  const item = (title: string, found: ReadonlyArray<PairFinding>): ReadonlyArray<Titled> =>
    found.length === 0 ? [] : [[title, [...joined(found.map(pairWords), most), "."]]]
  return [
    ...item(titles.better, better),
    ...item(titles.worse, worse.toReversed()),
    ...item(titles.unclear, unclear)
  ]
}

/** Of pairs that were made to see what learning gives. */
const counterpartWords = (findings: ReadonlyArray<LearningFinding>): ReadonlyArray<Titled> =>
  pairsWords(
    findings,
    {
      better: "Learning helped",
      worse: "Learning did harm",
      unclear: "No difference by learning could be shown"
    },
    5
  )

/** Of pairs that were made to see what a part gives, learning aside. */
const changedWords = ({ changed }: Findings): ReadonlyArray<Titled> =>
  pairsWords(
    changed,
    {
      better: "Better than a counterpart that learns as much",
      worse: "Worse than a counterpart that learns as much",
      unclear: "No difference from a counterpart that learns as much could be shown"
    },
    8
  )

/** Of systems that learn and were compared with the baseline alone. */
const againstBaselineWords = (
  findings: ReadonlyArray<LearningFinding>,
  baseline: string
): ReadonlyArray<Titled> => {
  if (findings.length === 0) return []
  const { better, worse, unclear } = byVerdict(findings)
  const item = (found: ReadonlyArray<LearningFinding>, what: string): Sentence =>
    found.length === 0
      ? []
      : [
          ` ${what}: `,
          ...joined(
            found.map(({ system, difference }) => [{ strong: system }, ` ${points(difference.mean)}`]),
            5
          ),
          "."
        ]
  return [
    [
      "Learning and more",
      [
        `${counted(findings.length, "system")} that learn${findings.length === 1 ? "s" : ""} ${findings.length === 1 ? "was" : "were"} compared only with `,
        { strong: baseline },
        ", which differs in more than learning.",
        ...item(better, "Better"),
        ...item(worse.toReversed(), "Worse"),
        ...item(unclear, "No difference could be shown")
      ]
    ]
  ]
}

const learningWords = (
  { learners, learning, measured }: Findings,
  baseline: string
): ReadonlyArray<Titled> => {
  if (measured === 0) return []
  if (learners === 0) return [["Learning", ["None of these systems learns."]]]
  if (learning.length === 0) {
    return [
      [
        "Learning",
        [
          learners === 1 ? "One system learns" : `${learners} systems learn`,
          ", but none was compared with one that learns less, so that what learning gave cannot be told."
        ]
      ]
    ]
  }
  return [
    ...counterpartWords(learning.filter(({ counterpart }) => counterpart)),
    ...againstBaselineWords(
      learning.filter(({ counterpart }) => !counterpart),
      baseline
    )
  ]
}

const frontierWords = ({ frontier, measured }: Findings): Sentence =>
  measured < 2
    ? []
    : [
        "On the efficient frontier, where no other system is both cheaper and at least as accurate: ",
        ...joined(
          frontier.map((result) => [
            { strong: result.system },
            ` (${fixed(tokensOf(result), 1)} tokens, ${percent(result.accuracy.mean)})`
          ]),
          8
        ),
        "."
      ]

const turnedWords = ({ turned }: Findings): Sentence => {
  const [first] = turned
  if (first === undefined) return []
  const counts = (result: typeof first) =>
    `${counted(result.wrongToRight, "answer")} from wrong to right, ${result.rightToWrong} from right to wrong`
  const harmed = turned.filter(({ wrongToRight, rightToWrong }) => rightToWrong > wrongToRight).toReversed()
  const most: Sentence =
    first.wrongToRight > first.rightToWrong
      ? ["Most was mended on balance in ", { strong: first.system }, ` (${counts(first)}).`]
      : ["In no system was more mended than broken."]
  const least: Sentence =
    harmed.length === 0
      ? []
      : [
          " More was broken than mended in ",
          ...joined(
            harmed.map((result) => [
              { strong: result.system },
              ` (${result.wrongToRight} mended, ${result.rightToWrong} broken)`
            ]),
            4
          ),
          "."
        ]
  return [...most, ...least]
}

/** The findings on one dataset, sentence by sentence, in plain words. */
export const sayFindings = (findings: Findings, baseline: string): ReadonlyArray<Words> => {
  const titled = (title: string, sentence: Sentence): ReadonlyArray<Words> =>
    sentence.length === 0 ? [] : [[{ strong: `${title}:` }, " ", ...sentence]]
  return [
    ...titled("Best", bestWords(findings)),
    ...titled("Against the baseline", baselineWords(findings, baseline)),
    ...[...learningWords(findings, baseline), ...changedWords(findings)].flatMap(([title, sentence]) =>
      titled(title, sentence)
    ),
    ...titled("Tokens", frontierWords(findings)),
    ...titled("What talking did", turnedWords(findings)),
    ...titled(
      "Take care",
      findings.belowChance.length === 0
        ? []
        : [...names(findings.belowChance), " did worse than guessing would: read dialogues before scores."]
    )
  ]
}
