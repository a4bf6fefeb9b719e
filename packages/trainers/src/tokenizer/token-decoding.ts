/**
 * One step from tokens to text, fed a token at a time. What it returns is settled: no later token changes it. An instance
 * serves one text.
 */
export interface DecodingStep {
  push(piece: string): ReadonlyArray<string>
  /** What was held back, now that nothing follows. */
  end(): ReadonlyArray<string>
}

/** A step that looks at one piece at a time. */
export const eachPiece = (change: (piece: string) => string): DecodingStep => ({
  push: (piece) => [change(piece)],
  end: () => []
})

/** The steps one after the other. */
export const inTurn = (steps: ReadonlyArray<DecodingStep>): DecodingStep => {
  const through = (from: number, pieces: ReadonlyArray<string>): ReadonlyArray<string> =>
    steps.slice(from).reduce((passed, step) => passed.flatMap((piece) => step.push(piece)), pieces)
  return {
    push: (piece) => through(0, [piece]),
    end: () => steps.flatMap((step, index) => through(index + 1, step.end()))
  }
}
