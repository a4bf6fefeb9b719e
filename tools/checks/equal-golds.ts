/**
 * Lists the pairs of MATH's golds that are written differently and judged equal, to be read through by a person.
 *
 *     node tools/checks/equal-golds.ts ../shared/datasets/math/train.jsonl
 *
 * Compares every form with every other one, which takes about a minute.
 */
import { readFileSync } from "node:fs"
import { sameForm } from "../../packages/core/src/answer/latex/compare.ts"
import { printForm } from "../../packages/core/src/answer/latex/form.ts"
import { parseForm } from "../../packages/core/src/answer/latex/parse-form.ts"

const file = process.argv[2] ?? "../shared/datasets/math/train.jsonl"

const golds = new Set(
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): unknown => JSON.parse(line))
    .flatMap((row) =>
      typeof row === "object" && row !== null && "answer" in row ? [String(row.answer)] : []
    )
)

const spellings = new Map<string, Array<string>>()
for (const gold of golds) {
  const printed = printForm(parseForm(gold))
  spellings.set(printed, [...(spellings.get(printed) ?? []), gold])
}
for (const alike of spellings.values()) if (alike.length > 1) console.log(`one form:  ${alike.join("   ")}`)

const forms = [...spellings.values()].flatMap(([gold]) =>
  gold === undefined ? [] : [{ gold, form: parseForm(gold) }]
)
let equal = 0
for (const [index, left] of forms.entries()) {
  for (const right of forms.slice(index + 1)) {
    if (!sameForm(left.form, right.form)) continue
    equal++
    console.log(`equal:     ${left.gold}   ${right.gold}`)
  }
}
const pairs = (forms.length * (forms.length - 1)) / 2
console.log(
  `${golds.size} golds, ${forms.length} forms, ${pairs} pairs of forms, of which ${equal} are equal`
)
