import { Option } from "effect"

/** `--seed` as the option that core's calls take; absent where it was not given. */
export const seedOption = (seed: Option.Option<number>): { readonly seed?: number } =>
  Option.match(seed, { onNone: () => ({}), onSome: (given) => ({ seed: given }) })
