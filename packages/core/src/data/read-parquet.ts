import { reasonOf } from "../reason-of.ts"
import { BadRow, type Row } from "./row.ts"

/** The rows of a Parquet file, one group of rows in memory at a time; all of the format's compressions but LZO. */
export async function* readParquet(file: string): AsyncGenerator<Row> {
  // Loaded where a Parquet file is read, and only there.
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects }, { compressors }] =
    await Promise.all([import("hyparquet"), import("hyparquet-compressors")])
  const buffer = await asyncBufferFromFile(file)
  let number = 0
  const read = async <A>(promise: Promise<A>): Promise<A> => {
    try {
      return await promise
    } catch (cause) {
      throw new BadRow(`row ${number + 1}`, `this is not Parquet: ${reasonOf(cause)}.`, cause)
    }
  }
  const metadata = await read(parquetMetadataAsync(buffer))
  let rowStart = 0
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows)
    const rows = await read(parquetReadObjects({ file: buffer, metadata, compressors, rowStart, rowEnd }))
    for (const fields of rows) {
      number += 1
      yield { fields, number, place: `row ${number}` }
    }
    rowStart = rowEnd
  }
}
