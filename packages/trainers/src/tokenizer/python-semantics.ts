/**
 * What Python's Jinja does and `@huggingface/jinja` 0.5.11 does otherwise: `strip("\n")` there takes off white space of any kind,
 * and `==` compares as JavaScript does, so that "" equals false.
 */
const strip = (text: string, characters: string | undefined, left: boolean, right: boolean): string => {
  const unwanted = (at: number): boolean =>
    characters === undefined ? /\s/u.test(text.charAt(at)) : characters.includes(text.charAt(at))
  let from = 0
  let to = text.length
  while (left && from < to && unwanted(from)) from += 1
  while (right && from < to && unwanted(to - 1)) to -= 1
  return text.slice(from, to)
}

const isNumeric = (value: unknown): boolean => typeof value === "number" || typeof value === "boolean"

/** Python's `==`, in which True is 1. */
const equals = (a: unknown, b: unknown): boolean =>
  a === b || (isNumeric(a) && isNumeric(b) && Number(a) === Number(b))

/** Functions that a repaired template calls, by names that no template has. */
export const pythonFunctions = {
  "=strip": (text: string, characters?: string) => strip(text, characters, true, true),
  "=lstrip": (text: string, characters?: string) => strip(text, characters, true, false),
  "=rstrip": (text: string, characters?: string) => strip(text, characters, false, true),
  "==": equals,
  "!=": (a: unknown, b: unknown) => !equals(a, b)
}

type Node = Record<string, unknown>

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null

const nameOf = (value: unknown): string =>
  isNode(value) && value.type === "Identifier" && typeof value.value === "string" ? value.value : ""

const callInstead = (node: Node, name: string, args: ReadonlyArray<unknown>): void => {
  Object.assign(node, { type: "CallExpression", callee: { type: "Identifier", value: name }, args })
}

/** Makes a parsed template, in place, call `pythonFunctions` where the library's own way is another. */
export const repairTemplate = (node: unknown): void => {
  if (!isNode(node)) return
  for (const child of Object.values(node)) repairTemplate(child)
  if (node.type === "BinaryExpression" && isNode(node.operator)) {
    const operator = node.operator.value
    if (operator === "==" || operator === "!=") callInstead(node, operator, [node.left, node.right])
  }
  if (node.type === "CallExpression" && isNode(node.callee) && Array.isArray(node.args)) {
    const method = node.callee.type === "MemberExpression" ? `=${nameOf(node.callee.property)}` : ""
    if (node.args.length === 1 && method in pythonFunctions) {
      callInstead(node, method, [node.callee.object, ...node.args])
    }
  }
}
