import type { Role, View } from "@tracer-sdk/core"
import { lazyPrompt } from "./lazy-prompt.ts"
import { placeValues } from "./place-values.ts"
import { fill } from "./prompts/templates.ts"

/** A system and a user message, with places to fill. */
export interface Asked {
  readonly system: string
  readonly user: string
}

/** A role that asks by templates and reads by a function. */
export const templatedRole = (name: string, ask: (view: View) => Asked, read: Role["read"]): Role => ({
  name,
  prompt: (view) =>
    lazyPrompt(() => {
      const { system, user } = ask(view)
      const values = placeValues(view)
      return [
        { role: "system", content: fill(system, values) },
        { role: "user", content: fill(user, values) }
      ]
    }),
  read
})
