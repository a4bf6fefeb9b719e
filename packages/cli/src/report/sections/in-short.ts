import { counted } from "../../render/number.ts"
import type { BenchmarkIndex } from "../benchmark-index.ts"
import { type Block, paragraph, type Section, type Words } from "../document.ts"
import { findingsOf } from "../findings.ts"
import { names } from "../words/names.ts"
import { sayFindings } from "../words/say-findings.ts"
import { byDataset } from "./by-dataset.ts"

/** What holds for the benchmark as a whole. */
const caveats = ({ summary }: BenchmarkIndex): ReadonlyArray<Words> => {
  const { seeds, missing, systems, regret, strategies } = summary
  const differing = systems.filter(({ differs }) => differs.length > 0).map(({ name }) => name)
  const broken = [
    ...regret.filter(({ points }) => points.some(({ invariantHolds }) => !invariantHolds)),
    ...strategies.filter(({ states }) => states.some(({ invariantHolds }) => !invariantHolds))
  ].map(({ system }) => system)
  const titled = (...words: Exclude<Words, string>): Words => [{ strong: "Take care:" }, " ", ...words]
  return [
    ...(missing.length === 0
      ? []
      : [
          titled(
            `${counted(missing.length, "cell")} (a system on a dataset under a seed) ${missing.length === 1 ? "is" : "are"} missing; the section on what is missing says why.`
          )
        ]),
    ...(seeds.length >= 3
      ? []
      : [
          titled(
            `There ${seeds.length === 1 ? "is" : "are"} only ${counted(seeds.length, "seed")}: what differs between runs of the same system is hardly seen.`
          )
        ]),
    ...(differing.length === 0
      ? []
      : [
          titled(...names(differing), " ran under other conditions than the rest; the table's notes say how.")
        ]),
    ...(broken.length === 0
      ? []
      : [
          titled(
            "Regret matching's invariant is broken in ",
            ...names([...new Set(broken)]),
            ": its values are not what the theory is about."
          )
        ])
  ]
}

/** What was found, in plain words. */
export const inShort = (benchmark: BenchmarkIndex): Section => {
  const general = caveats(benchmark)
  const several = benchmark.datasets.length > 1
  const found = byDataset(benchmark, "in-short", ({ name }): ReadonlyArray<Block> => {
    const items = sayFindings(findingsOf(benchmark, name), benchmark.summary.baseline)
    return [{ kind: "list", items: several ? items : [...items, ...general] }]
  })
  const all: ReadonlyArray<Block> =
    several && general.length > 0
      ? [
          { kind: "subheading", id: "all-in-short", title: "In all" },
          { kind: "list", items: general }
        ]
      : []
  return {
    id: "in-short",
    title: "In short",
    blocks: found.length === 0 ? [paragraph("Nothing was measured.")] : [...found, ...all]
  }
}
