#!/usr/bin/env node
import { hideSqliteWarning } from "./terminal/hide-sqlite-warning.ts"

// Before anything loads SQLite, and that is what the other imports do.
hideSqliteWarning()
const [{ runTracer }, { bundledPlugins }] = await Promise.all([import("./main.ts"), import("./plugins.ts")])
runTracer(bundledPlugins)
