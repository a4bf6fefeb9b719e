import type { Grader } from "../answer/index.ts"
import type { Controller } from "../controller.ts"
import type { Policy, Sampling } from "../policy.ts"
import type { Protocol } from "../protocol.ts"
import type { Role } from "../role.ts"
import type { Task } from "../task.ts"

/** Everything needed to play a dialogue: the rules, and who decides and speaks. */
export interface Game<S> {
  readonly protocol: Protocol<S>
  /** By name, as the protocol's actions give it. */
  readonly roles: ReadonlyMap<string, Role>
  /** By the seat's `controller`. */
  readonly controllers: ReadonlyMap<string, Controller>
  /** By the seat's `agent`. */
  readonly policies: ReadonlyMap<string, Policy>
  /** By role name. */
  readonly sampling: (role: string) => Sampling
  readonly grader: (task: Task) => Grader
}

/** The part named `name`, or a defect that says what the game lacks: a game is checked when it is made. */
export const member = <A>(parts: ReadonlyMap<string, A>, kind: string, name: string): A => {
  const part = parts.get(name)
  if (part === undefined) {
    throw new Error(`The game has no ${kind} "${name}"; it has: ${[...parts.keys()].join(", ") || "none"}.`)
  }
  return part
}
