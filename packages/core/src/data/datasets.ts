import { Effect } from "effect"
import { ConfigError } from "../errors.ts"
import type { TaskFields } from "./task-fields.ts"

/** One file of a published data set. */
export interface DatasetSplit {
  readonly name: string
  /** Where its publisher has it. */
  readonly url: string
  readonly tasks: number
  /** Of the file at `url`, where it is known for certain: computed from a copy of it. */
  readonly sha256?: string
}

/** A published data set: what it is, where it is, and how its rows are read. */
export interface Dataset {
  readonly name: string
  readonly about: string
  readonly source: string
  readonly licence: string
  readonly homepage: string
  /** What the publisher asks for before a download, and how to comply. */
  readonly access?: string
  /** Names prompts and grader. */
  readonly grading: "gsm8k" | "math" | "gpqa"
  readonly fields: TaskFields
  readonly splits: readonly [DatasetSplit, ...ReadonlyArray<DatasetSplit>]
}

const gradeSchool =
  "https://raw.githubusercontent.com/openai/grade-school-math/3101c7d5072418e28b9008a6636bde82a006892c/grade_school_math/data"

const gsm8k: Dataset = {
  name: "gsm8k",
  about: "word problems of grade school, answered by a number",
  source: 'Cobbe et al. 2021, "Training verifiers to solve math word problems"',
  licence: "MIT",
  homepage: "https://github.com/openai/grade-school-math",
  grading: "gsm8k",
  fields: {},
  splits: [
    {
      name: "train",
      url: `${gradeSchool}/train.jsonl`,
      tasks: 7473,
      sha256: "17f347dc51477c50d4efb83959dbb7c56297aba886e5544ee2aaed3024813465"
    },
    { name: "test", url: `${gradeSchool}/test.jsonl`, tasks: 1319 }
  ]
}

const math500: Dataset = {
  name: "math500",
  about: "500 problems of MATH's test set, answered in LaTeX",
  source:
    'Lightman et al. 2023, "Let\'s verify step by step"; Hendrycks et al. 2021, "Measuring mathematical problem solving with the MATH dataset"',
  licence: "MIT (MATH)",
  homepage: "https://huggingface.co/datasets/HuggingFaceH4/MATH-500",
  grading: "math",
  fields: { question: "problem", id: "unique_id" },
  splits: [
    {
      name: "test",
      url: "https://huggingface.co/datasets/HuggingFaceH4/MATH-500/resolve/main/test.jsonl",
      tasks: 500
    }
  ]
}

const gpqaDiamond: Dataset = {
  name: "gpqa-diamond",
  about: "multiple choice in physics, chemistry and biology that a search engine does not answer",
  source: 'Rein et al. 2023, "GPQA: a graduate-level Google-proof Q&A benchmark"',
  licence: "CC BY 4.0; its authors ask that no question be published in plain text",
  homepage: "https://huggingface.co/datasets/Idavidrein/gpqa",
  access:
    "Its publisher asks for an account and consent: log in at https://huggingface.co/datasets/Idavidrein/gpqa, accept the conditions, make a token that can read, and put it into the environment variable HF_TOKEN. Or unpack gpqa_diamond.csv from the archive at https://github.com/idavidrein/gpqa, and give it with --from FILE.",
  grading: "gpqa",
  fields: {
    question: "Question",
    answer: "Correct Answer",
    id: "Record ID",
    choices: ["Correct Answer", "Incorrect Answer 1", "Incorrect Answer 2", "Incorrect Answer 3"]
  },
  splits: [
    {
      name: "test",
      url: "https://huggingface.co/datasets/Idavidrein/gpqa/resolve/main/gpqa_diamond.csv",
      tasks: 198
    }
  ]
}

/** The data sets that are known by name. */
export const datasets: ReadonlyArray<Dataset> = [gsm8k, math500, gpqaDiamond]

/** The data set and split of these names; the split may be left out where there is only one. */
export const lookUpDataset = (
  name: string,
  split: string | undefined
): Effect.Effect<{ readonly dataset: Dataset; readonly split: DatasetSplit }, ConfigError> => {
  const dataset = datasets.find((candidate) => candidate.name === name)
  if (dataset === undefined) {
    return new ConfigError({
      path: "name",
      message: `There is no data set "${name}"; known here: ${datasets.map((known) => known.name).join(", ")}.`,
      hint: "Name one of these. Rows of your own need no name: read them with jsonl, csv or parquet."
    })
  }
  const [first, ...others] = dataset.splits
  const found =
    split === undefined && others.length === 0
      ? first
      : dataset.splits.find((candidate) => candidate.name === split)
  if (found !== undefined) return Effect.succeed({ dataset, split: found })
  const known = dataset.splits.map((candidate) => candidate.name).join(", ")
  return new ConfigError({
    path: "split",
    message:
      split === undefined
        ? `Data set "${name}" has several splits: ${known}.`
        : `Data set "${name}" has no split "${split}"; known here: ${known}.`,
    hint: `Say which split: ${known}.`
  })
}
