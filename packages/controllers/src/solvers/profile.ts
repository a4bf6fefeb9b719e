import type { Controller, Strategy, StrategyMode } from "@tracer-sdk/core"
import type { GameTree, InfoSet, Profile } from "./game-tree.ts"

/** Looks up the controller of an information set; throws `RangeError` where the game names one that is missing. */
export const controllerOf = (
  controllers: ReadonlyMap<string, Controller>,
  { controller }: Pick<InfoSet, "controller">
): Controller => {
  const found = controllers.get(controller)
  if (found !== undefined) return found
  throw new RangeError(
    `The game has no controller "${controller}"; it has: ${[...controllers.keys()].join(", ")}.`
  )
}

/** A profile read from controllers; throws `RangeError` where a controller that the game names is missing. */
export const profileOf =
  (controllers: ReadonlyMap<string, Controller>, mode: StrategyMode): Profile =>
  (infoSet) =>
    controllerOf(controllers, infoSet).strategy(infoSet.info, infoSet.legal, mode)

/** A profile written out, by the information sets' indices: for walks that meet each set many times. */
export const tabulate = ({ infoSets }: GameTree, profile: Profile): ReadonlyArray<Strategy> =>
  infoSets.map(profile)
