/** A piece of WebAssembly code: bytes, or pieces in sequence. */
export type Code = number | ReadonlyArray<Code>

/** The value types that our functions use, as the binary format names them. */
export const valueType = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const

const bytesOf = (code: Code): number[] => (typeof code === "number" ? [code] : code.flatMap(bytesOf))

/** An unsigned integer in LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

/** A signed integer in LEB128. */
function signed(value: number): number[] {
  const [low, rest] = [value & 0x7f, value >> 7]
  const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
  return last ? [low] : [low | 0x80, ...signed(rest)]
}

const vector = (opcode: number): Code => [0xfd, unsigned(opcode)]

/** Alignment 4 bytes, offset 0. */
const memory: Code = [2, 0]
const emptyBlock = 0x40

export const get = (local: number): Code => [0x20, unsigned(local)]
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)]

export const i32 = {
  const: (value: number): Code => [0x41, signed(value)],
  add: (a: Code, b: Code): Code => [a, b, 0x6a],
  mul: (a: Code, b: Code): Code => [a, b, 0x6c],

  lessOrEqual: (a: Code, b: Code): Code => [a, b, 0x4c]
} as const

export const f32 = {
  zero: [0x43, 0, 0, 0, 0],
  load: (address: Code): Code => [address, 0x2a, memory],
  store: (address: Code, value: Code): Code => [address, value, 0x38, memory],
  add: (a: Code, b: Code): Code => [a, b, 0x92],
  mul: (a: Code, b: Code): Code => [a, b, 0x94]
} as const

/** Four floats at once. */
export const f32x4 = {
  zero: [vector(0x0c), Array<number>(16).fill(0)],
  load: (address: Code): Code => [address, vector(0x00), memory],
  /** The float at an address, four times. */
  loadSplat: (address: Code): Code => [address, vector(0x09), memory],
  store: (address: Code, value: Code): Code => [address, value, vector(0x0b), memory],
  lane: (value: Code, lane: number): Code => [value, vector(0x1f), lane],
  add: (a: Code, b: Code): Code => [a, b, vector(0xe4)],
  mul: (a: Code, b: Code): Code => [a, b, vector(0xe6)]
} as const

/** Repeats `body` as long as `condition` holds before it. */
export const whileTrue = (condition: Code, body: Code): Code => [
  [0x02, emptyBlock, 0x03, emptyBlock],
  [condition, 0x45, 0x0d, 1],
  [body, 0x0c, 0],
  [0x0b, 0x0b]
]

/** A function without result: its exported name, the types of its parameters, of its other locals, and its code. */
export interface FunctionSource {
  readonly name: string
  readonly parameters: ReadonlyArray<number>
  readonly locals: ReadonlyArray<number>
  readonly body: Code
}

const list = (items: ReadonlyArray<Code>): Code => [unsigned(items.length), items]
const sized = (code: Code): Code => {
  const bytes = bytesOf(code)
  return [unsigned(bytes.length), bytes]
}
const name = (text: string): Code => list([...new TextEncoder().encode(text)])
const section = (id: number, code: Code): Code => [id, sized(code)]

/** The binary of a module that works on the imported memory `env.memory`. */
export function assemble(functions: ReadonlyArray<FunctionSource>): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, list(parameters), list([])])
  const bodies = functions.map(({ locals, body }) =>
    sized([list(locals.map((type) => [1, type])), body, 0x0b])
  )
  return Uint8Array.from(
    bytesOf([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, list(types)),
      section(2, list([[name("env"), name("memory"), 0x02, 0x00, 0x00]])),
      section(3, list(functions.map((_, index) => unsigned(index)))),
      section(7, list(functions.map((source, index) => [name(source.name), 0x00, unsigned(index)]))),
      section(10, list(bodies))
    ])
  )
}
