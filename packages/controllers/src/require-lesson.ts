import type { ActionValues, LegalActions } from "@tracer-sdk/core"

/** Throws where an information state is asked about with other actions than before: its key says too little. */
export const requireSameActions = (
  { actions }: { readonly actions: ReadonlyArray<string> },
  info: string,
  { names }: Pick<LegalActions, "names">
): void => {
  let same = actions.length === names.length
  for (let a = 0; same && a < names.length; a++) same = actions[a] === names[a]
  if (same) return
  throw new RangeError(
    `Information state "${info}" has the actions [${names.join(", ")}] here and [${actions.join(", ")}] before; ` +
      "the protocol's observe() has to tell states with different actions apart."
  )
}

/** Throws where values cannot be learned from: every action needs a finite one. */
export const requireValues = (info: string, { names }: LegalActions, values: ActionValues): void => {
  if (values.length === names.length && values.every(Number.isFinite)) return
  throw new RangeError(
    `Information state "${info}" was given the values [${values.join(", ")}]; ` +
      `a controller needs one finite number for each of [${names.join(", ")}].`
  )
}

/** Throws where a reach is no weight. */
export const requireReach = (info: string, reach: number): void => {
  if (reach >= 0 && reach < Number.POSITIVE_INFINITY) return
  throw new RangeError(`Information state "${info}" was given the reach ${reach}; it needs one of 0 or more.`)
}
