import type { BenchmarkIndex } from "../benchmark-index.ts"
import type { Row } from "../document.ts"

/** Rows of systems under the names of their groups; groups without rows, and the name of an only group, are left out. */
export const groupedRows = (
  { groups, systems }: BenchmarkIndex,
  rows: (system: string) => ReadonlyArray<Row>
): ReadonlyArray<Row> => {
  const byGroup = groups.map((group) => ({
    title: group,
    rows: systems.filter((system) => system.group === group).flatMap(({ name }) => rows(name))
  }))
  const filled = byGroup.filter((group) => group.rows.length > 0)
  return filled.flatMap(({ title, rows }) =>
    filled.length === 1 ? rows : [{ kind: "group", title }, ...rows]
  )
}
