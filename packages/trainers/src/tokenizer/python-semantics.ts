/**
 * What Python's Jinja does and `@huggingface/jinja` 0.5.11 does otherwise: `strip("\n")` there takes off white space of any kind,
 * and `==` compares as JavaScript does, so that "" equals false, and what is not defined equals none.
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

type Node = Record<string, unknown>

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null

const isNumeric = (value: unknown): boolean => typeof value === "number" || typeof value === "boolean"

/** The library keeps lists and dictionaries as arrays and maps of objects that hold a `value`. */
const equalEntries = (a: unknown, b: unknown): boolean => isNode(a) && isNode(b) && equals(a.value, b.value)

/** Python's `==`: by value, and True is 1. */
const equals = (a: unknown, b: unknown): boolean => {
  if (isNumeric(a) && isNumeric(b)) return Number(a) === Number(b)
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, index) => equalEntries(entry, b[index]))
  }
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, entry]) => equalEntries(entry, b.get(key)))
  }
  return a === b
}

/** Functions that a repaired template calls, by names that no template has. */
export const pythonFunctions = {
  "=strip": (text: string, characters?: string) => strip(text, characters, true, true),
  "=lstrip": (text: string, characters?: string) => strip(text, characters, true, false),
  "=rstrip": (text: string, characters?: string) => strip(text, characters, false, true),
  "==": equals,
  "!=": (a: unknown, b: unknown) => !equals(a, b)
}

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
    const test = { type: "Identifier", value: "none" }
    if (operator !== "==" && operator !== "!=") return
    if (["none", "None"].includes(nameOf(node.right))) {
      Object.assign(node, { type: "TestExpression", operand: node.left, negate: operator === "!=", test })
    } else {
      callInstead(node, operator, [node.left, node.right])
    }
  }
  if (node.type === "CallExpression" && isNode(node.callee) && Array.isArray(node.args)) {
    const method = node.callee.type === "MemberExpression" ? `=${nameOf(node.callee.property)}` : ""
    if (node.args.length === 1 && method in pythonFunctions) {
      callInstead(node, method, [node.callee.object, ...node.args])
    }
  }
}
