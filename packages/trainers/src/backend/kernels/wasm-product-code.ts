import {
  assemble,
  type Code,
  type FunctionSource,
  f32,
  f32x4,
  get,
  i32,
  set,
  valueType,
  whileTrue
} from "./wasm-assembler.ts"

/**
 * Multiplies one matrix by another, `c = a b`, in the memory that the module imports; `c` is row-major and dense.
 *
 * Addresses and strides are in bytes. `a` is read with any two strides, so that a transposed left operand needs no
 * copy. `rows` wants the right operand as `[k, n]` with dense rows, `dots` as `[n, k]` with dense rows, and then `a`
 * must have dense rows as well.
 */
export type ProductFunction = (
  a: number,
  b: number,
  c: number,
  m: number,
  k: number,
  n: number,
  aRowStride: number,
  aColumnStride: number,
  bRowStride: number
) => void

/** The two products of the module. */
export interface Products {
  readonly rows: ProductFunction
  readonly dots: ProductFunction
}

const parameterCount = 9
const [a, b, c, m, k, n, aRowStride, aColumnStride, bRowStride] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
const parameters = Array<number>(parameterCount).fill(valueType.i32)

// Locals after the parameters: 11 integers, 12 vectors, 8 floats.
const [row, column, left, offsetA, offsetB] = [9, 10, 11, 12, 13] as const
const pointer = (index: number): number => 14 + index
const accumulator = (index: number): number => 20 + index
const operand = (index: number): number => 28 + index
const scalar = (index: number): number => 32 + index
const locals = [
  ...Array<number>(11).fill(valueType.i32),
  ...Array<number>(12).fill(valueType.v128),
  ...Array<number>(8).fill(valueType.f32)
]

const times = (count: number, code: (index: number) => Code): Code =>
  Array.from({ length: count }, (_, index) => code(index))

const increment = (local: number, by: Code): Code => set(local, i32.add(get(local), by))

const fourBytes = (count: Code): Code => i32.mul(count, i32.const(4))

/** Runs `tile` for `size` indices at a time while as many are left below `end`. */
const tiled = (index: number, end: number, size: number, tile: Code): Code =>
  whileTrue(i32.lessOrEqual(i32.add(get(index), i32.const(size)), get(end)), [
    tile,
    increment(index, i32.const(size))
  ])

/** The address of `c[row + r][column + offset]`. */
const output = (r: number, offset: number): Code =>
  i32.add(
    get(c),
    fourBytes(
      i32.add(i32.mul(i32.add(get(row), i32.const(r)), get(n)), i32.add(get(column), i32.const(offset)))
    )
  )

const pointLeftRows = (count: number): Code =>
  times(count, (r) =>
    set(pointer(r), i32.add(get(a), i32.mul(i32.add(get(row), i32.const(r)), get(aRowStride))))
  )

/** Counts `left` down from k by `by` and runs the body each time. */
const alongInner = (by: number, body: Code): Code =>
  whileTrue(i32.lessOrEqual(i32.const(by), get(left)), [body, increment(left, i32.const(-by))])

/** `height` rows by `width` vectors of the result, the right operand's rows read as they lie. */
function rowsTile(height: number, width: number): Code {
  return [
    pointLeftRows(height),
    set(offsetA, i32.const(0)),
    set(offsetB, i32.add(get(b), fourBytes(get(column)))),
    times(height * width, (index) => set(accumulator(index), f32x4.zero)),
    set(left, get(k)),
    alongInner(1, [
      times(width, (w) => set(operand(w), f32x4.load(i32.add(get(offsetB), i32.const(16 * w))))),
      times(height, (r) => [
        set(operand(3), f32x4.loadSplat(i32.add(get(pointer(r)), get(offsetA)))),
        times(width, (w) => {
          const sum = accumulator(r * width + w)
          return set(sum, f32x4.add(get(sum), f32x4.mul(get(operand(3)), get(operand(w)))))
        })
      ]),
      increment(offsetA, get(aColumnStride)),
      increment(offsetB, get(bRowStride))
    ]),
    times(height, (r) => times(width, (w) => f32x4.store(output(r, 4 * w), get(accumulator(r * width + w)))))
  ]
}

/** As `rowsTile`, for a single column. */
function rowsColumn(height: number): Code {
  return [
    pointLeftRows(height),
    set(offsetA, i32.const(0)),
    set(offsetB, i32.add(get(b), fourBytes(get(column)))),
    times(height, (r) => set(scalar(r), f32.zero)),
    set(left, get(k)),
    alongInner(1, [
      times(height, (r) => {
        const term = f32.mul(f32.load(i32.add(get(pointer(r)), get(offsetA))), f32.load(get(offsetB)))
        return set(scalar(r), f32.add(get(scalar(r)), term))
      }),
      increment(offsetA, get(aColumnStride)),
      increment(offsetB, get(bRowStride))
    ]),
    times(height, (r) => f32.store(output(r, 0), get(scalar(r))))
  ]
}

/** `height` x `width` scalar products of a row of `a` with a row of `b`. */
function dotsTile(height: number, width: number): Code {
  const rightRow = (w: number): number => pointer(height + w)
  const sum = (r: number, w: number): number => r * width + w
  return [
    pointLeftRows(height),
    times(width, (w) =>
      set(rightRow(w), i32.add(get(b), i32.mul(i32.add(get(column), i32.const(w)), get(bRowStride))))
    ),
    set(offsetA, i32.const(0)),
    times(height * width, (index) => set(accumulator(index), f32x4.zero)),
    set(left, get(k)),
    alongInner(4, [
      times(height, (r) => set(operand(r), f32x4.load(i32.add(get(pointer(r)), get(offsetA))))),
      times(width, (w) => [
        set(operand(3), f32x4.load(i32.add(get(rightRow(w)), get(offsetA)))),
        times(height, (r) => {
          const local = accumulator(sum(r, w))
          return set(local, f32x4.add(get(local), f32x4.mul(get(operand(r)), get(operand(3)))))
        })
      ]),
      increment(offsetA, i32.const(16))
    ]),
    times(height * width, (index) => {
      const lane = (which: number): Code => f32x4.lane(get(accumulator(index)), which)
      return set(scalar(index), f32.add(f32.add(lane(0), lane(1)), f32.add(lane(2), lane(3))))
    }),
    alongInner(1, [
      times(height, (r) =>
        times(width, (w) => {
          const term = f32.mul(
            f32.load(i32.add(get(pointer(r)), get(offsetA))),
            f32.load(i32.add(get(rightRow(w)), get(offsetA)))
          )
          return set(scalar(sum(r, w)), f32.add(get(scalar(sum(r, w))), term))
        })
      ),
      increment(offsetA, i32.const(4))
    ]),
    times(height, (r) => times(width, (w) => f32.store(output(r, w), get(scalar(sum(r, w))))))
  ]
}

const rows = (height: number): Code =>
  tiled(row, m, height, [
    set(column, i32.const(0)),
    tiled(column, n, 8, rowsTile(height, 2)),
    tiled(column, n, 4, rowsTile(height, 1)),
    tiled(column, n, 1, rowsColumn(height))
  ])

const dots = (height: number): Code =>
  tiled(row, m, height, [
    set(column, i32.const(0)),
    tiled(column, n, 4, dotsTile(height, 4)),
    tiled(column, n, 1, dotsTile(height, 1))
  ])

const functions: ReadonlyArray<FunctionSource> = [
  { name: "rows", parameters, locals, body: [rows(4), rows(1)] },
  { name: "dots", parameters, locals, body: [dots(2), dots(1)] }
]

/** The parts of the global WebAssembly that are used; its types come with those of the browser only. */
interface WebAssemblyGlobal {
  readonly Module: new (binary: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: object } }
  ) => { readonly exports: Readonly<Record<string, unknown>> }
}

function isWebAssembly(value: unknown): value is WebAssemblyGlobal {
  return typeof value === "object" && value !== null && "Module" in value && "Instance" in value
}

const isProduct = (value: unknown): value is ProductFunction => typeof value === "function"

/** Compiles the products for a `WebAssembly.Memory`, which may grow later. */
export function compileProducts(memory: object): Products {
  const webAssembly: unknown = Reflect.get(globalThis, "WebAssembly")
  if (!isWebAssembly(webAssembly)) throw new Error("this JavaScript engine has no WebAssembly")
  const module = new webAssembly.Module(assemble(functions))
  const { rows, dots } = new webAssembly.Instance(module, { env: { memory } }).exports
  if (!isProduct(rows) || !isProduct(dots)) throw new Error("the compiled products are not functions")
  return { rows, dots }
}
