// The arithmetic of training, in AssemblyScript: TypeScript's syntax over WebAssembly's instructions. Every kernel does one part of its
// work, so that threads can share it: (parameters, part, thread). The parameters lie in memory, whole numbers first, floats from byte 128
// on; pointers and strides are in bytes, counts in numbers. What a part computes does not depend on who computes it, nor on how many do.

const floats: usize = 128

// Rows, inner steps and columns that are worked on at once: a panel's stretch fits the first cache, the rows' the second.
const rowBlock: i32 = 64
const innerBlock: i32 = 512
const panelWidth: i32 = 8
const panelBytes: usize = 32

@inline
function integer(parameters: usize, index: usize): i32 {
  return load<i32>(parameters + (index << 2))
}

@inline
function pointer(parameters: usize, index: usize): usize {
  return load<u32>(parameters + (index << 2))
}

@inline
function float(parameters: usize, index: usize): f32 {
  return load<f32>(parameters + floats + (index << 2))
}

// Four lanes of exp(x) (Cephes' expf: argument reduction by ln 2 in two parts, polynomial of degree 5); x within -87 and 88.
@inline
function exponential(argument: v128): v128 {
  const x = f32x4.min(f32x4.max(argument, f32x4.splat(-87.0)), f32x4.splat(88.0))
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)))
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)))
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)))
  let p = f32x4.splat(1.9875691500e-4)
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1))
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1.0))
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23)
  return f32x4.mul(p, power)
}

@inline
function sumOf(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  )
}

@inline
function largestOf(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3))
  )
}

// A right operand b `[inner, columns]` in panels of 8 columns, each `[inner, 8]`, filled up with zeros.
function packPanels(
  b: usize,
  bRow: usize,
  bColumn: usize,
  packed: usize,
  inner: i32,
  columns: i32,
  first: i32,
  end: i32
): void {
  for (let panel = first; panel < end; panel++) {
    const column = panel * panelWidth
    const width = min(panelWidth, columns - column)
    const from = b + <usize>column * bColumn
    let to = packed + <usize>panel * <usize>inner * panelBytes
    if (bColumn == 4 && width == panelWidth) {
      let at = from
      for (let i = 0; i < inner; i++) {
        v128.store(to, v128.load(at))
        v128.store(to, v128.load(at, 16), 16)
        at += bRow
        to += panelBytes
      }
    } else {
      for (let j = 0; j < panelWidth; j++) {
        let at = from + <usize>j * bColumn
        let put = to + (<usize>j << 2)
        for (let i = 0; i < inner; i++) {
          store<f32>(put, j < width ? load<f32>(at) : 0)
          at += bRow
          put += panelBytes
        }
      }
    }
  }
}

@inline
function putLane(at: usize, value: f32, add: bool): void {
  store<f32>(at, add ? load<f32>(at) + value : value)
}

// A tile's row of up to 8 results, next to one another (columns 4 bytes apart) or not.
@inline
function putRow(at: usize, cColumn: usize, width: i32, first: v128, second: v128, add: bool): void {
  if (width == panelWidth && cColumn == 4) {
    v128.store(at, add ? f32x4.add(v128.load(at), first) : first)
    v128.store(at, add ? f32x4.add(v128.load(at, 16), second) : second, 16)
  } else {
    putLane(at, f32x4.extract_lane(first, 0), add)
    if (width > 1) putLane(at + cColumn, f32x4.extract_lane(first, 1), add)
    if (width > 2) putLane(at + 2 * cColumn, f32x4.extract_lane(first, 2), add)
    if (width > 3) putLane(at + 3 * cColumn, f32x4.extract_lane(first, 3), add)
    if (width > 4) putLane(at + 4 * cColumn, f32x4.extract_lane(second, 0), add)
    if (width > 5) putLane(at + 5 * cColumn, f32x4.extract_lane(second, 1), add)
    if (width > 6) putLane(at + 6 * cColumn, f32x4.extract_lane(second, 2), add)
    if (width > 7) putLane(at + 7 * cColumn, f32x4.extract_lane(second, 3), add)
  }
}

// 4 rows by one panel, along `inner` steps.
function tile4(
  a: usize,
  aRow: usize,
  aColumn: usize,
  panel: usize,
  inner: i32,
  c: usize,
  cRow: usize,
  cColumn: usize,
  width: i32,
  add: bool
): void {
  let x0 = a
  let x1 = x0 + aRow
  let x2 = x1 + aRow
  let x3 = x2 + aRow
  let a0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  let b0 = f32x4.splat(0)
  let b1 = f32x4.splat(0)
  let c0 = f32x4.splat(0)
  let c1 = f32x4.splat(0)
  let d0 = f32x4.splat(0)
  let d1 = f32x4.splat(0)
  let w = panel
  const end = panel + <usize>inner * panelBytes
  if (aColumn == 4) {
    const unrolled = panel + <usize>(inner & ~1) * panelBytes
    // Two steps at a time: eight sums, two weights and an input just fill the registers.
    for (; w < unrolled; w += 2 * panelBytes) {
      let w0 = v128.load(w)
      let w1 = v128.load(w, 16)
      let s = v128.load32_splat(x0)
      a0 = f32x4.relaxed_madd(s, w0, a0)
      a1 = f32x4.relaxed_madd(s, w1, a1)
      s = v128.load32_splat(x1)
      b0 = f32x4.relaxed_madd(s, w0, b0)
      b1 = f32x4.relaxed_madd(s, w1, b1)
      s = v128.load32_splat(x2)
      c0 = f32x4.relaxed_madd(s, w0, c0)
      c1 = f32x4.relaxed_madd(s, w1, c1)
      s = v128.load32_splat(x3)
      d0 = f32x4.relaxed_madd(s, w0, d0)
      d1 = f32x4.relaxed_madd(s, w1, d1)
      w0 = v128.load(w, 32)
      w1 = v128.load(w, 48)
      s = v128.load32_splat(x0, 4)
      a0 = f32x4.relaxed_madd(s, w0, a0)
      a1 = f32x4.relaxed_madd(s, w1, a1)
      s = v128.load32_splat(x1, 4)
      b0 = f32x4.relaxed_madd(s, w0, b0)
      b1 = f32x4.relaxed_madd(s, w1, b1)
      s = v128.load32_splat(x2, 4)
      c0 = f32x4.relaxed_madd(s, w0, c0)
      c1 = f32x4.relaxed_madd(s, w1, c1)
      s = v128.load32_splat(x3, 4)
      d0 = f32x4.relaxed_madd(s, w0, d0)
      d1 = f32x4.relaxed_madd(s, w1, d1)
      x0 += 8
      x1 += 8
      x2 += 8
      x3 += 8
    }
  }
  for (; w < end; w += panelBytes) {
    const w0 = v128.load(w)
    const w1 = v128.load(w, 16)
    let s = v128.load32_splat(x0)
    a0 = f32x4.relaxed_madd(s, w0, a0)
    a1 = f32x4.relaxed_madd(s, w1, a1)
    s = v128.load32_splat(x1)
    b0 = f32x4.relaxed_madd(s, w0, b0)
    b1 = f32x4.relaxed_madd(s, w1, b1)
    s = v128.load32_splat(x2)
    c0 = f32x4.relaxed_madd(s, w0, c0)
    c1 = f32x4.relaxed_madd(s, w1, c1)
    s = v128.load32_splat(x3)
    d0 = f32x4.relaxed_madd(s, w0, d0)
    d1 = f32x4.relaxed_madd(s, w1, d1)
    x0 += aColumn
    x1 += aColumn
    x2 += aColumn
    x3 += aColumn
  }
  putRow(c, cColumn, width, a0, a1, add)
  putRow(c + cRow, cColumn, width, b0, b1, add)
  putRow(c + 2 * cRow, cColumn, width, c0, c1, add)
  putRow(c + 3 * cRow, cColumn, width, d0, d1, add)
}

// One row by one panel; its sums run in the same order as those of `tile4`.
function tile1(
  a: usize,
  aColumn: usize,
  panel: usize,
  inner: i32,
  c: usize,
  cColumn: usize,
  width: i32,
  add: bool
): void {
  let x = a
  let a0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  const end = panel + <usize>inner * panelBytes
  for (let w = panel; w < end; w += panelBytes) {
    const s = v128.load32_splat(x)
    a0 = f32x4.relaxed_madd(s, v128.load(w), a0)
    a1 = f32x4.relaxed_madd(s, v128.load(w, 16), a1)
    x += aColumn
  }
  putRow(c, cColumn, width, a0, a1, add)
}

// c = a b, or c += a b, for some rows of a and some panels of a packed b `[stride, columns]`, of which `inner` rows count.
function multiplyPanels(
  a: usize,
  aRow: usize,
  aColumn: usize,
  packed: usize,
  stride: i32,
  c: usize,
  cRow: usize,
  cColumn: usize,
  inner: i32,
  columns: i32,
  firstRow: i32,
  endRow: i32,
  firstPanel: i32,
  endPanel: i32,
  add: bool
): void {
  for (let step = 0; step < inner; step += innerBlock) {
    const steps = min(innerBlock, inner - step)
    const adds = add || step > 0
    for (let block = firstRow; block < endRow; block += rowBlock) {
      const end = min(endRow, block + rowBlock)
      for (let panel = firstPanel; panel < endPanel; panel++) {
        const column = panel * panelWidth
        const width = min(panelWidth, columns - column)
        const weights = packed + (<usize>panel * <usize>stride + <usize>step) * panelBytes
        const from = a + <usize>step * aColumn
        const to = c + <usize>column * cColumn
        let row = block
        for (; row + 4 <= end; row += 4) {
          tile4(from + <usize>row * aRow, aRow, aColumn, weights, steps, to + <usize>row * cRow, cRow, cColumn, width, adds)
        }
        for (; row < end; row++) {
          tile1(from + <usize>row * aRow, aColumn, weights, steps, to + <usize>row * cRow, cColumn, width, adds)
        }
      }
    }
  }
}

// (b, row stride, column stride, packed, inner, columns, panels of a part)
export function pack(p: usize, part: i32, thread: i32): void {
  const columns = integer(p, 5)
  const size = integer(p, 6)
  const panels = (columns + panelWidth - 1) / panelWidth
  const first = part * size
  packPanels(
    pointer(p, 0),
    pointer(p, 1),
    pointer(p, 2),
    pointer(p, 3),
    integer(p, 4),
    columns,
    first,
    min(panels, first + size)
  )
}

// (a, row stride, column stride, packed b, c, row stride, column stride, rows, inner, columns, rows of a part, panels of a part)
export function multiply(p: usize, part: i32, thread: i32): void {
  const rows = integer(p, 7)
  const inner = integer(p, 8)
  const columns = integer(p, 9)
  const rowsAtOnce = integer(p, 10)
  const panelsAtOnce = integer(p, 11)
  const panels = (columns + panelWidth - 1) / panelWidth
  const across = (panels + panelsAtOnce - 1) / panelsAtOnce
  const firstRow = (part / across) * rowsAtOnce
  const firstPanel = (part % across) * panelsAtOnce
  multiplyPanels(
    pointer(p, 0),
    pointer(p, 1),
    pointer(p, 2),
    pointer(p, 3),
    inner,
    pointer(p, 4),
    pointer(p, 5),
    pointer(p, 6),
    inner,
    columns,
    firstRow,
    min(rows, firstRow + rowsAtOnce),
    firstPanel,
    min(panels, firstPanel + panelsAtOnce),
    false
  )
}

// y = x * inverse * scale by row, inverse = 1 / sqrt(mean(x^2) + epsilon).
// (x, scale, y, inverse, rows, width, rows of a part; epsilon)
export function normalize(p: usize, part: i32, thread: i32): void {
  const scale = pointer(p, 1)
  const width = integer(p, 5)
  const bytes = <usize>width << 2
  const vectors = bytes & ~15
  const first = part * integer(p, 6)
  const end = min(integer(p, 4), first + integer(p, 6))
  for (let row = first; row < end; row++) {
    const x = pointer(p, 0) + <usize>row * bytes
    const y = pointer(p, 2) + <usize>row * bytes
    let squares = f32x4.splat(0)
    let i: usize = 0
    for (; i < vectors; i += 16) {
      const v = v128.load(x + i)
      squares = f32x4.add(squares, f32x4.mul(v, v))
    }
    let total = sumOf(squares)
    for (; i < bytes; i += 4) total += load<f32>(x + i) * load<f32>(x + i)
    const inverse: f32 = 1 / sqrt<f32>(total / <f32>width + float(p, 0))
    store<f32>(pointer(p, 3) + (<usize>row << 2), inverse)
    const factor = f32x4.splat(inverse)
    for (i = 0; i < vectors; i += 16) {
      v128.store(y + i, f32x4.mul(f32x4.mul(v128.load(x + i), factor), v128.load(scale + i)))
    }
    for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(x + i) * inverse * load<f32>(scale + i))
  }
}

// dx = (dy * scale - x * inverse * mean(dy * scale * x * inverse)) * inverse by row.
// (dy, x, inverse, scale, dx, rows, width, rows of a part)
export function normalizeGradient(p: usize, part: i32, thread: i32): void {
  const scale = pointer(p, 3)
  const width = integer(p, 6)
  const bytes = <usize>width << 2
  const vectors = bytes & ~15
  const first = part * integer(p, 7)
  const end = min(integer(p, 5), first + integer(p, 7))
  for (let row = first; row < end; row++) {
    const dy = pointer(p, 0) + <usize>row * bytes
    const x = pointer(p, 1) + <usize>row * bytes
    const dx = pointer(p, 4) + <usize>row * bytes
    const inverse = load<f32>(pointer(p, 2) + (<usize>row << 2))
    let sums = f32x4.splat(0)
    let i: usize = 0
    for (; i < vectors; i += 16) {
      sums = f32x4.add(sums, f32x4.mul(f32x4.mul(v128.load(dy + i), v128.load(scale + i)), v128.load(x + i)))
    }
    let total = sumOf(sums)
    for (; i < bytes; i += 4) total += load<f32>(dy + i) * load<f32>(scale + i) * load<f32>(x + i)
    const along = (total / <f32>width) * inverse * inverse
    const factor = f32x4.splat(inverse)
    const slope = f32x4.splat(along)
    for (i = 0; i < vectors; i += 16) {
      const d = f32x4.mul(v128.load(dy + i), v128.load(scale + i))
      v128.store(dx + i, f32x4.mul(f32x4.sub(d, f32x4.mul(v128.load(x + i), slope)), factor))
    }
    for (; i < bytes; i += 4) {
      store<f32>(dx + i, (load<f32>(dy + i) * load<f32>(scale + i) - load<f32>(x + i) * along) * inverse)
    }
  }
}

@inline
function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1)
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))))
}

// Four values, or the one that is left behind the last whole vector, four times.
@inline
function take(at: usize, whole: bool): v128 {
  return whole ? v128.load(at) : v128.load32_splat(at)
}

@inline
function give(at: usize, value: v128, whole: bool): void {
  if (whole) v128.store(at, value)
  else store<f32>(at, f32x4.extract_lane(value, 0))
}

// y = silu(gate) * up. (gate, up, y, elements, elements of a part: a multiple of 4)
export function gated(p: usize, part: i32, thread: i32): void {
  const size = <usize>integer(p, 4) << 2
  const end = min(<usize>integer(p, 3) << 2, (<usize>part + 1) * size)
  let i = <usize>part * size
  while (i < end) {
    const whole = i + 16 <= end
    const gate = take(pointer(p, 0) + i, whole)
    give(pointer(p, 2) + i, f32x4.mul(f32x4.mul(gate, sigmoid(gate)), take(pointer(p, 1) + i, whole)), whole)
    i += whole ? 16 : 4
  }
}

// (dy, gate, up, gradient by gate, gradient by up, elements, elements of a part: a multiple of 4)
export function gatedGradient(p: usize, part: i32, thread: i32): void {
  const one = f32x4.splat(1)
  const size = <usize>integer(p, 6) << 2
  const end = min(<usize>integer(p, 5) << 2, (<usize>part + 1) * size)
  let i = <usize>part * size
  while (i < end) {
    const whole = i + 16 <= end
    const dy = take(pointer(p, 0) + i, whole)
    const gate = take(pointer(p, 1) + i, whole)
    const s = sigmoid(gate)
    const silu = f32x4.mul(gate, s)
    const slope = f32x4.add(s, f32x4.mul(silu, f32x4.sub(one, s)))
    give(pointer(p, 3) + i, f32x4.mul(f32x4.mul(dy, take(pointer(p, 2) + i, whole)), slope), whole)
    give(pointer(p, 4) + i, f32x4.mul(dy, silu), whole)
    i += whole ? 16 : 4
  }
}

// The largest of `count` values.
@inline
function largestScore(at: usize, count: i32): f32 {
  const bytes = <usize>count << 2
  const vectors = bytes & ~15
  let most = f32x4.splat(-Infinity)
  let i: usize = 0
  for (; i < vectors; i += 16) most = f32x4.max(most, v128.load(at + i))
  let largest = largestOf(most)
  for (; i < bytes; i += 4) largest = max(largest, load<f32>(at + i))
  return largest
}

// to = exp(from - largest) for `count` values; the sum.
@inline
function exponentials(from: usize, to: usize, count: i32, largest: f32): f32 {
  const bytes = <usize>count << 2
  const vectors = bytes & ~15
  const most = f32x4.splat(largest)
  let sums = f32x4.splat(0)
  let i: usize = 0
  for (; i < vectors; i += 16) {
    const e = exponential(f32x4.sub(v128.load(from + i), most))
    v128.store(to + i, e)
    sums = f32x4.add(sums, e)
  }
  let total = sumOf(sums)
  for (; i < bytes; i += 4) {
    const e = f32x4.extract_lane(exponential(f32x4.splat(load<f32>(from + i) - largest)), 0)
    store<f32>(to + i, e)
    total += e
  }
  return total
}

// (logits, targets, exponentials, totals, shifted logits of the targets, rows, columns, rows of a part)
export function scoreLogits(p: usize, part: i32, thread: i32): void {
  const columns = integer(p, 6)
  const bytes = <usize>columns << 2
  const first = part * integer(p, 7)
  const end = min(integer(p, 5), first + integer(p, 7))
  for (let row = first; row < end; row++) {
    const logits = pointer(p, 0) + <usize>row * bytes
    const here = <usize>row << 2
    const target = load<i32>(pointer(p, 1) + here)
    const largest = largestScore(logits, columns)
    const chosen = load<f32>(logits + (<usize>target << 2))
    store<f32>(pointer(p, 3) + here, exponentials(logits, pointer(p, 2) + <usize>row * bytes, columns, largest))
    store<f32>(pointer(p, 4) + here, chosen - largest)
  }
}

// The first `2 half` features of a row rotated, the others scaled; `direction` -1 is the gradient.
@inline
function rotateRow(
  x: usize,
  y: usize,
  straight: usize,
  crossed: usize,
  half: i32,
  headSize: i32,
  direction: f32
): void {
  const across = <usize>half << 2
  for (let i: usize = 0; i < across; i += 4) {
    const a = load<f32>(x + i)
    const b = load<f32>(x + i + across)
    store<f32>(y + i, a * load<f32>(straight + i) + direction * b * load<f32>(crossed + i))
    store<f32>(
      y + i + across,
      b * load<f32>(straight + i + across) + direction * a * load<f32>(crossed + i + across)
    )
  }
  for (let i: usize = across << 1; i < <usize>headSize << 2; i += 4) {
    store<f32>(y + i, load<f32>(x + i) * load<f32>(straight + i))
  }
}

const queryBlock: i32 = 64

// The sizes that both directions of attention read from the same places.
@inline
function timeOf(p: usize): i32 {
  return integer(p, 0)
}
@inline
function headsOf(p: usize): i32 {
  return integer(p, 1)
}
@inline
function keyHeadsOf(p: usize): i32 {
  return integer(p, 2)
}
@inline
function headSizeOf(p: usize): i32 {
  return integer(p, 3)
}

// The attention of a block of queries `[block, headSize]` to packed keys, into `scores` `[block, ceil8(time)]`.
// Places 0 to 14 of the parameters: time, heads, key-value heads, head size, half of the rotated features, window (0: none), table
// stride by sequence (bytes), query tables (straight, crossed), key tables, positions, branches (0: none), scratch, scratch of a thread.
function attendBlock(
  p: usize,
  sequence: i32,
  start: i32,
  end: i32,
  queries: usize,
  packedKeys: usize,
  rotated: usize,
  scores: usize
): void {
  const time = timeOf(p)
  const headSize = headSizeOf(p)
  const rowBytes = <usize>(headsOf(p) * headSize) << 2
  const headBytes = <usize>headSize << 2
  const tables = <usize>sequence * pointer(p, 6)
  const lineBytes = <usize>((time + 7) & ~7) << 2
  for (let i = start; i < end; i++) {
    const table = tables + <usize>i * headBytes
    rotateRow(
      queries + <usize>i * rowBytes,
      rotated + <usize>(i - start) * headBytes,
      pointer(p, 7) + table,
      pointer(p, 8) + table,
      integer(p, 4),
      headSize,
      1
    )
  }
  const padded = (end + 7) & ~7
  multiplyPanels(
    rotated,
    headBytes,
    4,
    packedKeys,
    headSize,
    scores,
    lineBytes,
    4,
    headSize,
    padded,
    0,
    end - start,
    0,
    padded / panelWidth,
    false
  )
  const window = integer(p, 5)
  const branches = pointer(p, 12)
  const first = <usize>(sequence * time) << 2
  for (let i = start; i < end; i++) {
    const line = scores + <usize>(i - start) * lineBytes
    let from = 0
    if (branches != 0) {
      const own = load<i32>(branches + first + (<usize>i << 2))
      const horizon = window > 0 ? load<i32>(pointer(p, 11) + first + (<usize>i << 2)) - window : -1
      for (let j = 0; j <= i; j++) {
        const at = first + (<usize>j << 2)
        const other = load<i32>(branches + at)
        const near = window == 0 || load<i32>(pointer(p, 11) + at) > horizon
        if (!near || (other != 0 && other != own)) store<f32>(line + (<usize>j << 2), -1e9)
      }
    } else if (window > 0) {
      from = max(0, i - window + 1)
      for (let j = 0; j < from; j++) store<f32>(line + (<usize>j << 2), -1e9)
    }
    const largest = largestScore(line, i + 1)
    const total = exponentials(line, line, i + 1, largest)
    const factor: f32 = 1 / total
    for (let j = 0; j <= i; j++) {
      const at = line + (<usize>j << 2)
      store<f32>(at, load<f32>(at) * factor)
    }
    for (let j = i + 1; j < padded; j++) store<f32>(line + (<usize>j << 2), 0)
  }
}

// The rotated keys of a key-value head, `[time, headSize]`.
@inline
function rotateKeys(p: usize, sequence: i32, keys: usize, rotated: usize): void {
  const headSize = headSizeOf(p)
  const headBytes = <usize>headSize << 2
  const rowBytes = <usize>keyHeadsOf(p) * headBytes
  for (let i = 0; i < timeOf(p); i++) {
    const table = <usize>sequence * pointer(p, 6) + <usize>i * headBytes
    rotateRow(
      keys + <usize>i * rowBytes,
      rotated + <usize>i * headBytes,
      pointer(p, 9) + table,
      pointer(p, 10) + table,
      integer(p, 4),
      headSize,
      1
    )
  }
}

// A part is a key-value head of a sequence. (15 shared parameters, queries, keys, values, out)
export function attend(p: usize, part: i32, thread: i32): void {
  const time = timeOf(p)
  const heads = headsOf(p)
  const keyHeads = keyHeadsOf(p)
  const headSize = headSizeOf(p)
  const group = heads / keyHeads
  const sequence = part / keyHeads
  const keyHead = part % keyHeads
  const headBytes = <usize>headSize << 2
  const queryRow = <usize>heads * headBytes
  const keyRow = <usize>keyHeads * headBytes
  const timePanels = (time + 7) / panelWidth
  const headPanels = (headSize + 7) / panelWidth
  const lineBytes = <usize>(timePanels * panelWidth) << 2
  const offset = <usize>(sequence * time) * keyRow + <usize>keyHead * headBytes

  const rotated = pointer(p, 13) + <usize>thread * pointer(p, 14)
  const packedKeys = rotated + <usize>time * headBytes
  const packedValues = packedKeys + lineBytes * <usize>headSize
  const block = packedValues + <usize>(headPanels * time) * panelBytes
  const scores = block + <usize>queryBlock * headBytes

  rotateKeys(p, sequence, pointer(p, 16) + offset, rotated)
  packPanels(rotated, 4, headBytes, packedKeys, headSize, time, 0, timePanels)
  packPanels(pointer(p, 17) + offset, keyRow, 4, packedValues, time, headSize, 0, headPanels)
  for (let head = keyHead * group; head < (keyHead + 1) * group; head++) {
    const place = <usize>(sequence * time) * queryRow + <usize>head * headBytes
    for (let start = 0; start < time; start += queryBlock) {
      const end = min(time, start + queryBlock)
      attendBlock(p, sequence, start, end, pointer(p, 15) + place, packedKeys, block, scores)
      multiplyPanels(
        scores,
        lineBytes,
        4,
        packedValues,
        time,
        pointer(p, 18) + place + <usize>start * queryRow,
        queryRow,
        4,
        end,
        headSize,
        0,
        end - start,
        0,
        headPanels,
        false
      )
    }
  }
}

// A part is a key-value head of a sequence. (15 shared parameters, queries, keys, values, out, gradients by out, queries, keys, values)
export function attendGradient(p: usize, part: i32, thread: i32): void {
  const time = timeOf(p)
  const heads = headsOf(p)
  const keyHeads = keyHeadsOf(p)
  const headSize = headSizeOf(p)
  const group = heads / keyHeads
  const sequence = part / keyHeads
  const keyHead = part % keyHeads
  const headBytes = <usize>headSize << 2
  const queryRow = <usize>heads * headBytes
  const keyRow = <usize>keyHeads * headBytes
  const timePanels = (time + 7) / panelWidth
  const headPanels = (headSize + 7) / panelWidth
  const lineBytes = <usize>(timePanels * panelWidth) << 2
  const offset = <usize>(sequence * time) * keyRow + <usize>keyHead * headBytes
  const tables = <usize>sequence * pointer(p, 6)

  const rotated = pointer(p, 13) + <usize>thread * pointer(p, 14)
  const packedKeys = rotated + <usize>time * headBytes
  const keyRows = packedKeys + lineBytes * <usize>headSize
  const packedValues = keyRows + <usize>(headPanels * time) * panelBytes
  const dKeys = packedValues + lineBytes * <usize>headSize
  const block = dKeys + <usize>time * headBytes
  const dBlock = block + <usize>queryBlock * headBytes
  const packedBlock = dBlock + <usize>queryBlock * headBytes
  const packedOut = packedBlock + <usize>(headPanels * queryBlock) * panelBytes
  const scores = packedOut + <usize>(headPanels * queryBlock) * panelBytes
  const dScores = scores + <usize>queryBlock * lineBytes

  rotateKeys(p, sequence, pointer(p, 16) + offset, rotated)
  packPanels(rotated, 4, headBytes, packedKeys, headSize, time, 0, timePanels)
  packPanels(rotated, headBytes, 4, keyRows, time, headSize, 0, headPanels)
  packPanels(pointer(p, 17) + offset, 4, keyRow, packedValues, headSize, time, 0, timePanels)
  memory.fill(dKeys, 0, <usize>time * headBytes)
  const dValues = pointer(p, 22) + offset
  for (let i = 0; i < time; i++) memory.fill(dValues + <usize>i * keyRow, 0, headBytes)

  for (let head = keyHead * group; head < (keyHead + 1) * group; head++) {
    const place = <usize>(sequence * time) * queryRow + <usize>head * headBytes
    for (let start = 0; start < time; start += queryBlock) {
      const end = min(time, start + queryBlock)
      const rows = end - start
      const here = place + <usize>start * queryRow
      attendBlock(p, sequence, start, end, pointer(p, 15) + place, packedKeys, block, scores)
      const padded = (end + 7) & ~7
      const dOut = pointer(p, 19) + here
      multiplyPanels(
        dOut,
        queryRow,
        4,
        packedValues,
        headSize,
        dScores,
        lineBytes,
        4,
        headSize,
        padded,
        0,
        rows,
        0,
        padded / panelWidth,
        false
      )
      for (let i = 0; i < rows; i++) {
        const out = pointer(p, 18) + here + <usize>i * queryRow
        const dRow = dOut + <usize>i * queryRow
        let along: f32 = 0
        for (let j: usize = 0; j < headBytes; j += 4) along += load<f32>(out + j) * load<f32>(dRow + j)
        const mean = f32x4.splat(along)
        const line = <usize>i * lineBytes
        for (let j: usize = 0; j < <usize>padded << 2; j += 16) {
          const d = f32x4.sub(v128.load(dScores + line + j), mean)
          v128.store(dScores + line + j, f32x4.mul(v128.load(scores + line + j), d))
        }
      }
      multiplyPanels(
        dScores, lineBytes, 4, keyRows, time, dBlock, headBytes, 4, end, headSize, 0, rows, 0, headPanels, false
      )
      for (let i = start; i < end; i++) {
        const table = tables + <usize>i * headBytes
        rotateRow(
          dBlock + <usize>(i - start) * headBytes,
          pointer(p, 20) + place + <usize>i * queryRow,
          pointer(p, 7) + table,
          pointer(p, 8) + table,
          integer(p, 4),
          headSize,
          -1
        )
      }
      packPanels(block, headBytes, 4, packedBlock, rows, headSize, 0, headPanels)
      multiplyPanels(
        dScores, 4, lineBytes, packedBlock, rows, dKeys, headBytes, 4, rows, headSize, 0, end, 0, headPanels, true
      )
      packPanels(dOut, queryRow, 4, packedOut, rows, headSize, 0, headPanels)
      multiplyPanels(
        scores, 4, lineBytes, packedOut, rows, dValues, keyRow, 4, rows, headSize, 0, end, 0, headPanels, true
      )
    }
  }
  for (let i = 0; i < time; i++) {
    const table = tables + <usize>i * headBytes
    rotateRow(
      dKeys + <usize>i * headBytes,
      pointer(p, 21) + offset + <usize>i * keyRow,
      pointer(p, 9) + table,
      pointer(p, 10) + table,
      integer(p, 4),
      headSize,
      -1
    )
  }
}

// (from, to, bytes, bytes of a part)
export function copy(p: usize, part: i32, thread: i32): void {
  const first = <usize>part * pointer(p, 3)
  memory.copy(pointer(p, 1) + first, pointer(p, 0) + first, min(pointer(p, 2) - first, pointer(p, 3)))
}

// Rows of a table by their numbers, which are checked before. (table, numbers, out, rows, bytes of a row, rows of a part)
export function gatherRows(p: usize, part: i32, thread: i32): void {
  const bytes = pointer(p, 4)
  const first = part * integer(p, 5)
  const end = min(integer(p, 3), first + integer(p, 5))
  for (let row = first; row < end; row++) {
    const number = load<u32>(pointer(p, 1) + (<usize>row << 2))
    memory.copy(pointer(p, 2) + <usize>row * bytes, pointer(p, 0) + <usize>number * bytes, bytes)
  }
}
