import type { Usage } from "../policy.ts"

/** What a model's tokens cost, in the currency of the configuration, per million. */
export interface Price {
  readonly prompt: number
  readonly completion: number
}

/** By agent; an agent that is not listed speaks through a model whose price is not known. */
export type Prices = ReadonlyMap<string, Price>

/** What tokens cost by agent; `undefined` where one that used any has no known price. */
export const costOf = (usage: ReadonlyMap<string, Usage>, prices: Prices): number | undefined => {
  let cost = 0
  for (const [agent, { prompt, completion }] of usage) {
    const price = prices.get(agent)
    if (price === undefined) return undefined
    cost += (prompt * price.prompt + completion * price.completion) / 1e6
  }
  return cost
}
