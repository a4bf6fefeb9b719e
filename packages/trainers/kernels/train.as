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
