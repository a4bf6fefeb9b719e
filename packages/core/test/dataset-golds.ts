import { existsSync, readFileSync } from "node:fs"

const datasets = new URL("../../../../shared/datasets/", import.meta.url)
/** The golds of a data set beside the project, as it writes them; none where it is absent. */
export const goldsOf = (path: string): ReadonlyArray<string> => {
  const file = new URL(path, datasets)
  if (!existsSync(file)) return []
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      const row: unknown = line === "" ? undefined : JSON.parse(line)
      const isRow =
        typeof row === "object" && row !== null && "answer" in row && typeof row.answer === "string"
      return isRow ? String(row.answer) : []
    })
}

/** Why a test that needs a data set is skipped. */
export const absent = (path: string) =>
  `${path} is absent: put the data sets into ../shared/datasets beside the project`
