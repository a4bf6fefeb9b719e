import { boxedGrader } from "./boxed.ts"
import { choiceGrader } from "./choice.ts"
import { exactGrader } from "./exact.ts"
import type { Grader } from "./grader.ts"
import { numericGrader } from "./numeric.ts"

/** The graders by name. */
export const graders: Readonly<Record<string, Grader>> = {
  numeric: numericGrader,
  boxed: boxedGrader,
  choice: choiceGrader,
  exact: exactGrader
}
