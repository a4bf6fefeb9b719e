import type { Act, ChanceTurn } from "../protocol.ts"
import { pickIndex, type RandomKey, uniform } from "../random.ts"

/** Nature's move: the `index`-th draw of a dialogue's chance stream. */
export const drawChance = ({ outcomes }: ChanceTurn, key: RandomKey, index: number): Act => {
  const probabilities = outcomes.map(({ probability }) => probability)
  return { action: outcomes[pickIndex(probabilities, uniform(key, index))]?.name ?? "" }
}
