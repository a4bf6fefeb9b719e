import { arithmetic } from "./arithmetic.ts"
import { general } from "./general.ts"
import { gpqa } from "./gpqa.ts"
import { gsm8k } from "./gsm8k.ts"
import { math } from "./math.ts"
import type { PromptSet } from "./templates.ts"

const byDataset: ReadonlyMap<string, PromptSet> = new Map([
  ["arithmetic", arithmetic],
  ["gpqa", gpqa],
  ["gsm8k", gsm8k],
  ["math", math]
])

/** The prompts of a data set, or the general ones. */
export const promptsFor = (dataset: string | undefined): PromptSet =>
  (dataset === undefined ? undefined : byDataset.get(dataset)) ?? general
