import type { JointDistribution, MatrixGame } from "./matrix-game.ts"

/** How far a joint play is from being an equilibrium, in units of payoff; 0 for an equilibrium. */
export interface EquilibriumGap {
  /**
   * The most that any player would have gained by playing one action wherever it played another: internal regret.
   * The joint play is an epsilon-correlated equilibrium exactly when this is at most epsilon.
   */
  readonly correlated: number
  /** The most that any player would have gained by always playing one action: external regret. */
  readonly coarse: number
}

/**
 * The correlated and the coarse correlated gap of a joint distribution.
 *
 * `correlated` is `max over i, j, k of sum over s with s_i = j of z(s) (u_i(k, s_-i) - u_i(s))`.
 * Source: Hart and Mas-Colell 2000.
 */
export const equilibriumGap = (game: MatrixGame, joint: JointDistribution): EquilibriumGap => {
  let correlated = 0
  let coarse = 0
  for (const [player, actions] of game.actions.entries()) {
    for (const deviation of actions.keys()) {
      const gains = actions.map(() => 0)
      for (const { choices, probability } of joint) {
        const played = choices[player] ?? 0
        const gained =
          (game.payoffs(choices.with(player, deviation))[player] ?? 0) - (game.payoffs(choices)[player] ?? 0)
        gains[played] = (gains[played] ?? 0) + probability * gained
      }
      correlated = Math.max(correlated, ...gains)
      coarse = Math.max(
        coarse,
        gains.reduce((sum, gain) => sum + gain, 0)
      )
    }
  }
  return { correlated, coarse }
}
