import { Effect } from "effect"
import { ModelError } from "../files/model-error.ts"
import { bytesPerValue } from "../safetensors/header.ts"
import type { SafetensorsFile } from "../safetensors/index.ts"
import type { Checkpoint } from "./checkpoint.ts"

const sameShape = (left: ReadonlyArray<number>, right: ReadonlyArray<number>): boolean =>
  left.length === right.length && left.every((extent, i) => extent === right[i])

/** A weight in its file. */
export interface Located {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  readonly file: SafetensorsFile
}

/** Where the weights of those shapes lie; fails with a `ModelError` that names those that are missing or unlike. */
export const locate = (
  checkpoint: Checkpoint,
  shapes: ReadonlyMap<string, ReadonlyArray<number>>
): Effect.Effect<ReadonlyArray<Located>, ModelError> => {
  const located: Array<Located> = []
  const problems: Array<string> = []
  for (const [name, shape] of shapes) {
    const found = checkpoint.find(name)
    if (found === undefined) problems.push(`${name} is missing`)
    else if (bytesPerValue[found.entry.type] === undefined) {
      const known = Object.keys(bytesPerValue).join(", ")
      problems.push(`${name} has type ${found.entry.type}, not one of ${known}`)
    } else if (!sameShape(found.entry.shape, shape)) {
      problems.push(`${name} has shape [${found.entry.shape.join(", ")}], not [${shape.join(", ")}]`)
    } else located.push({ name, shape, file: found.file })
  }
  if (problems.length === 0) return Effect.succeed(located)
  const shown = problems.slice(0, 5).join("; ")
  const more = problems.length > 5 ? `; and ${problems.length - 5} more` : ""
  return Effect.fail(
    new ModelError({
      message: `${checkpoint.path} does not hold the weights that config.json describes: ${shown}${more}.`,
      hint: "Check that config.json and the weights belong to the same model.",
      path: checkpoint.path
    })
  )
}
