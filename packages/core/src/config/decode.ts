import { Result, Schema, SchemaAST, SchemaIssue } from "effect"
import { ConfigError } from "../errors.ts"

const pathText = (path: ReadonlyArray<PropertyKey>): string =>
  path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? String(part) : `.${String(part)}`))
    .join("")

interface Problem {
  readonly path: ReadonlyArray<PropertyKey>
  readonly text: string
}

const leafText = SchemaIssue.makeFormatterDefault()

const allowedKeys = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  SchemaAST.isObjects(ast) ? ast.propertySignatures.map(({ name }) => String(name)) : []

/** Every leaf of an issue tree, with where it is and, for an unknown key, the keys that are known. */
const problemsOf = (issue: SchemaIssue.Issue, path: ReadonlyArray<PropertyKey>): ReadonlyArray<Problem> => {
  switch (issue._tag) {
    case "Pointer":
      if (issue.issue._tag === "MissingKey") return [{ path: [...path, ...issue.path], text: "is missing" }]
      return problemsOf(issue.issue, [...path, ...issue.path])
    case "Composite":
      return issue.issues.flatMap((inner) => {
        if (inner._tag === "Pointer" && inner.issue._tag === "UnexpectedKey") {
          const known = allowedKeys(issue.ast)
          return [
            {
              path: [...path, ...inner.path],
              text: `is not a known key${known.length === 0 ? "" : `; known here: ${known.join(", ")}`}`
            }
          ]
        }
        return problemsOf(inner, path)
      })
    case "Encoding":
      return problemsOf(issue.issue, path)
    default:
      return [{ path, text: leafText(issue).replaceAll(/\s+/g, " ").trim() }]
  }
}

/**
 * Decodes a configuration value strictly: unknown keys are errors.
 *
 * Fails with a `ConfigError` that lists every problem with its path, and the allowed keys or values. `where` names the
 * value in the message (a file, or a plug-in), `at` is its own path.
 */
export const decodeConfig = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  input: unknown,
  where: string,
  at = ""
): Result.Result<S["Type"], ConfigError> => {
  const decoded = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })(input)
  return Result.mapError(decoded, (error) => {
    const problems = problemsOf(error.issue, [])
    const full = (path: ReadonlyArray<PropertyKey>) =>
      [at, pathText(path)].filter((part) => part !== "").join(".") || "(the whole value)"
    return new ConfigError({
      path: full(problems[0]?.path ?? []),
      message: `${where} is not valid:\n${problems.map(({ path, text }) => `  ${full(path)}: ${text}`).join("\n")}`,
      hint: "Correct the values named above; docs/configuration.md lists every key."
    })
  })
}
