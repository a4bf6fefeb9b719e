import type { SchemaElement } from "hyparquet"
import type { ColumnKind, ExportTable } from "./layout.ts"

const text = { type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" } as const
const flag = { type: "BOOLEAN", repetition_type: "REQUIRED" } as const

/** A list column in the three levels that the Parquet format asks for; `element` and what is below it. */
const list = (name: string, ...element: ReadonlyArray<SchemaElement>): ReadonlyArray<SchemaElement> => [
  { name, repetition_type: "REQUIRED", converted_type: "LIST", num_children: 1 },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  ...element
]

const elementsOf = (name: string, kind: ColumnKind): ReadonlyArray<SchemaElement> => {
  switch (kind) {
    case "text":
      return [{ name, ...text }]
    case "number":
      return [{ name, type: "DOUBLE", repetition_type: "REQUIRED" }]
    case "integer":
      return [{ name, type: "INT32", repetition_type: "REQUIRED" }]
    case "flag":
      return [{ name, ...flag }]
    case "texts":
      return list(name, { name: "element", ...text })
    case "flags":
      return list(name, { name: "element", ...flag })
    case "messages":
      return list(
        name,
        { name: "element", repetition_type: "REQUIRED", num_children: 2 },
        { name: "role", ...text },
        { name: "content", ...text }
      )
  }
}

/** The Parquet file of a table, with Snappy compression; lists of messages are lists of `{ role, content }`. */
export const parquetOf = async ({ columns, rows }: ExportTable): Promise<Uint8Array> => {
  const { parquetWriteBuffer } = await import("hyparquet-writer")
  const schema: Array<SchemaElement> = [
    { name: "root", num_children: columns.length },
    ...columns.flatMap(({ name, kind }) => elementsOf(name, kind))
  ]
  const columnData = columns.map(({ name }) => ({ name, data: rows.map((row) => row[name]) }))
  return new Uint8Array(parquetWriteBuffer({ columnData, schema, createdBy: "tracer-sdk" }))
}
