import type { Grader } from "../answer/index.ts"
import { ConfigError } from "../errors.ts"
import type { Task } from "../task.ts"

/** Who plays a protocol. */
export interface Members {
  readonly agents: ReadonlyArray<string>
  /** Says which answers are the same; by default the grader of the task's data set. */
  readonly grader?: (task: Task) => Grader
}

/** Throws `ConfigError` on an empty or repeated list of agents. */
export const requireAgents = (protocol: string, agents: ReadonlyArray<string>): void => {
  if (agents.length > 0 && new Set(agents).size === agents.length) return
  throw new ConfigError({
    path: "agents",
    message: `agents: ${protocol} was given [${agents.join(", ")}].`,
    hint: "Give at least one agent, and each a name of its own."
  })
}

/** Throws `ConfigError` where `agent`, named at `path`, is not on the team. */
export const requireAgent = (path: string, agent: string, agents: ReadonlyArray<string>): void => {
  if (agents.includes(agent)) return
  throw new ConfigError({
    path: `protocol.${path}`,
    message: `protocol.${path}: there is no agent "${agent}"; the team has: ${agents.join(", ")}.`,
    hint: "Name one of the team's agents."
  })
}
