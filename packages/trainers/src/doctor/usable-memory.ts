import { totalmem } from "node:os"

/** Bytes of memory that this process may use: the machine's, or what a container leaves of them. */
export const usableMemory = (): number => {
  // 0 without a limit, or a number beyond all memory.
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}
