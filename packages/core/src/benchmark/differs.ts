import type { PluginUse, TeamConfig } from "../config/team-config.ts"

const inWords = (value: unknown): string => (value === undefined ? "unset" : JSON.stringify(value))

const alike = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Where two sections differ, key by key. */
const sectionDiffers = (section: string, base: object, own: object): ReadonlyArray<string> => {
  const before = new Map<string, unknown>(Object.entries(base))
  const after = new Map<string, unknown>(Object.entries(own))
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)]
    return alike(was, is) ? [] : [`${section}.${key} is ${inWords(is)}, not ${inWords(was)}`]
  })
}

const usesOf = ({ agents, policies }: TeamConfig): ReadonlyArray<PluginUse> =>
  agents.flatMap(({ policy }) => policies[policy] ?? [])

/**
 * How a system's conditions differ from the base team's, in words: models, prompts, sampling and token limits, and for one that learns
 * how much it learns from. What a system is compared for (protocol, controllers, credit, learner) is no difference.
 */
export const differs = (base: TeamConfig, own: TeamConfig, learns: boolean): ReadonlyArray<string> => {
  const known = usesOf(base)
  const models = own.agents.flatMap(({ name, policy }) => {
    const use = own.policies[policy]
    return use === undefined || known.some((other) => alike(other, use))
      ? []
      : [`${name} speaks through ${inWords(use)}, which no agent of the base team does`]
  })
  const prompts = Object.entries(own.roles).flatMap(([role, use]) =>
    alike(base.roles[role], use) ? [] : [`role ${role} is ${inWords(use)}, not ${inWords(base.roles[role])}`]
  )
  // The number of dialogues at a time changes nothing.
  const learning = ({ training: { concurrency: _, ...training } }: TeamConfig) => training
  return [
    ...models,
    ...prompts,
    ...sectionDiffers("sampling", base.sampling, own.sampling),
    ...(learns ? sectionDiffers("training", learning(base), learning(own)) : [])
  ]
}
