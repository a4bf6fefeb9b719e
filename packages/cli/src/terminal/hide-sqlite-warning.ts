const isSqliteWarning = (warning: Error): boolean =>
  warning.name === "ExperimentalWarning" && warning.message.startsWith("SQLite ")

/**
 * Keeps Node from telling users that its SQLite is experimental; every other warning is shown as before.
 *
 * Has to run before `node:sqlite` is loaded for the first time.
 */
export const hideSqliteWarning = (): void => {
  const listeners = process.listeners("warning")
  process.removeAllListeners("warning")
  process.on("warning", (warning) => {
    if (isSqliteWarning(warning)) return
    for (const listener of listeners) listener.call(process, warning)
  })
}
