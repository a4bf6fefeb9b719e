import { ConfigError } from "../errors.ts"

/** Most turns that a protocol may be set to take at worst. */
const mostTurns = 10_000

/** Throws `ConfigError` where a protocol's options together allow more than 10,000 turns; `hint` says which of them to lower. */
export const requireTurns = (protocol: string, turns: number, hint: string): void => {
  if (turns <= mostTurns) return
  throw new ConfigError({
    path: "protocol",
    message: `protocol: ${protocol} could take ${turns} turns, more than ${mostTurns}.`,
    hint
  })
}
