/** An argument as a shell takes it: quoted only where it has to be. */
export const shellQuote = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`

/** A command line that can be copied into a shell. */
export const commandLine = (parts: ReadonlyArray<string>): string => parts.map(shellQuote).join(" ")
