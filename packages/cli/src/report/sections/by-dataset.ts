import type { BenchmarkIndex, IndexedDataset } from "../benchmark-index.ts"
import type { Block } from "../document.ts"

/** Blocks for each dataset, under its name where there are several; none for a dataset without blocks. */
export const byDataset = (
  { datasets }: BenchmarkIndex,
  section: string,
  blocks: (dataset: IndexedDataset) => ReadonlyArray<Block>
): ReadonlyArray<Block> =>
  datasets.flatMap((dataset): ReadonlyArray<Block> => {
    const found = blocks(dataset)
    if (found.length === 0 || datasets.length === 1) return found
    return [{ kind: "subheading", id: `${section}-${dataset.slug}`, title: dataset.name }, ...found]
  })
