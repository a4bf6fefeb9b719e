import { enableCompileCache } from "node:module"
import { hideSqliteWarning } from "./terminal/hide-sqlite-warning.ts"

// Before anything loads SQLite, and that is what the other imports do.
hideSqliteWarning()
// Most of a short command's time is loading code; compiled once, it is kept beside Node's other temporary files.
enableCompileCache()
const [{ runTracer }, { bundledPlugins }] = await Promise.all([import("./main.ts"), import("./plugins.ts")])
runTracer(bundledPlugins)
