// The arithmetic of decoding, in AssemblyScript: TypeScript's syntax over WebAssembly's instructions. Pointers and strides are in
// bytes, counts in numbers. Every row's result depends on that row alone, whatever stands beside it: the order of its additions is
// fixed, so that a sample is the same in every batch. `relaxed_madd` is a fused multiply-add on every processor that has one.

// Four lanes of exp(x) for x <= 0 (Cephes' expf: argument reduction by ln 2 in two parts, polynomial of degree 5).
@inline
function exponential(argument: v128): v128 {
  const x = f32x4.max(argument, f32x4.splat(-87.0))
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
function horizontalSum(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  )
}

@inline
function horizontalMax(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3))
  )
}

@inline
function put(at: usize, value: v128, add: bool): void {
  v128.store(at, add ? f32x4.add(v128.load(at), value) : value)
}

// A panel's row is 8 weights: as 32-bit floats in two vectors, or as bfloat16 in one, whose 32-bit lanes hold columns 0 to 3 in their low
// halves and columns 4 to 7 in their high halves. Widened, a bfloat16 is the same number.
@inline
function firstColumns<W>(at: usize): v128 {
  return sizeof<W>() == 4 ? v128.load(at) : i32x4.shl(v128.load(at), 16)
}

@inline
function lastColumns<W>(at: usize): v128 {
  return sizeof<W>() == 4 ? v128.load(at, 16) : v128.and(v128.load(at), i32x4.splat(0xffff0000))
}

// A row by itself goes through four panels at a time, so that as many sums are under way as with four rows.
@inline
function multiplyRow<W>(x: usize, packed: usize, y: usize, inner: i32, panels: i32, add: bool): void {
  const step = sizeof<W>() << 3
  const panelBytes = (<usize>inner) * step
  const end = x + ((<usize>inner) << 2)
  let panel = 0
  for (; panel + 4 <= panels; panel += 4) {
    let w0 = packed + <usize>panel * panelBytes
    let w1 = w0 + panelBytes
    let w2 = w1 + panelBytes
    let w3 = w2 + panelBytes
    let a0 = f32x4.splat(0)
    let a1 = f32x4.splat(0)
    let b0 = f32x4.splat(0)
    let b1 = f32x4.splat(0)
    let c0 = f32x4.splat(0)
    let c1 = f32x4.splat(0)
    let d0 = f32x4.splat(0)
    let d1 = f32x4.splat(0)
    for (let at = x; at < end; at += 4) {
      const s = v128.load32_splat(at)
      a0 = f32x4.relaxed_madd(s, firstColumns<W>(w0), a0)
      a1 = f32x4.relaxed_madd(s, lastColumns<W>(w0), a1)
      b0 = f32x4.relaxed_madd(s, firstColumns<W>(w1), b0)
      b1 = f32x4.relaxed_madd(s, lastColumns<W>(w1), b1)
      c0 = f32x4.relaxed_madd(s, firstColumns<W>(w2), c0)
      c1 = f32x4.relaxed_madd(s, lastColumns<W>(w2), c1)
      d0 = f32x4.relaxed_madd(s, firstColumns<W>(w3), d0)
      d1 = f32x4.relaxed_madd(s, lastColumns<W>(w3), d1)
      w0 += step
      w1 += step
      w2 += step
      w3 += step
    }
    const out = y + ((<usize>panel) << 5)
    put(out, a0, add)
    put(out + 16, a1, add)
    put(out + 32, b0, add)
    put(out + 48, b1, add)
    put(out + 64, c0, add)
    put(out + 80, c1, add)
    put(out + 96, d0, add)
    put(out + 112, d1, add)
  }
  for (; panel < panels; panel++) {
    let w = packed + <usize>panel * panelBytes
    let a0 = f32x4.splat(0)
    let a1 = f32x4.splat(0)
    for (let at = x; at < end; at += 4) {
      const s = v128.load32_splat(at)
      a0 = f32x4.relaxed_madd(s, firstColumns<W>(w), a0)
      a1 = f32x4.relaxed_madd(s, lastColumns<W>(w), a1)
      w += step
    }
    const out = y + ((<usize>panel) << 5)
    put(out, a0, add)
    put(out + 16, a1, add)
  }
}

@inline
function multiplyPanels<W>(
  x: usize,
  xStride: usize,
  packed: usize,
  y: usize,
  yStride: usize,
  rows: i32,
  inner: i32,
  panels: i32,
  add: bool
): void {
  const step = sizeof<W>() << 3
  const panelBytes = (<usize>inner) * step
  for (let panel = 0; panel < panels; panel++) {
    const start = packed + <usize>panel * panelBytes
    const end = start + panelBytes
    const unrolled = start + (<usize>(inner & ~1)) * step
    const column = y + ((<usize>panel) << 5)
    for (let row = 0; row + 4 <= rows; row += 4) {
      let x0 = x + <usize>row * xStride
      let x1 = x0 + xStride
      let x2 = x1 + xStride
      let x3 = x2 + xStride
      let a0 = f32x4.splat(0)
      let a1 = f32x4.splat(0)
      let b0 = f32x4.splat(0)
      let b1 = f32x4.splat(0)
      let c0 = f32x4.splat(0)
      let c1 = f32x4.splat(0)
      let d0 = f32x4.splat(0)
      let d1 = f32x4.splat(0)
      let w = start
      // Two steps at a time: more or fewer are slower, as eight sums, two weights and an input just fill the registers.
      for (; w < unrolled; w += 2 * step) {
        let w0 = firstColumns<W>(w)
        let w1 = lastColumns<W>(w)
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
        w0 = firstColumns<W>(w + step)
        w1 = lastColumns<W>(w + step)
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
      if (w < end) {
        const w0 = firstColumns<W>(w)
        const w1 = lastColumns<W>(w)
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
      }
      let out = column + <usize>row * yStride
      put(out, a0, add)
      put(out + 16, a1, add)
      out += yStride
      put(out, b0, add)
      put(out + 16, b1, add)
      out += yStride
      put(out, c0, add)
      put(out + 16, c1, add)
      out += yStride
      put(out, d0, add)
      put(out + 16, d1, add)
    }
  }
  for (let row = rows & ~3; row < rows; row++) {
    multiplyRow<W>(x + <usize>row * xStride, packed, y + <usize>row * yStride, inner, panels, add)
  }
}

/** y = x W, or y += x W. W is packed in panels of 8 columns: `packed[panel][row of W][8]`, 32-bit floats. */
export function multiply(
  x: usize,
  xStride: usize,
  packed: usize,
  y: usize,
  yStride: usize,
  rows: i32,
  inner: i32,
  panels: i32,
  add: bool
): void {
  multiplyPanels<f32>(x, xStride, packed, y, yStride, rows, inner, panels, add)
}

/** `multiply` with W in bfloat16. */
export function multiplyHalf(
  x: usize,
  xStride: usize,
  packed: usize,
  y: usize,
  yStride: usize,
  rows: i32,
  inner: i32,
  panels: i32,
  add: bool
): void {
  multiplyPanels<u16>(x, xStride, packed, y, yStride, rows, inner, panels, add)
}

// Threads share a product through a mailbox of words, each on a cache line of its own so that they do not slow one another down.
const generation: usize = 0
const open: usize = 64
const active: usize = 128
const nextPanel: usize = 192
const dismissed: usize = 256
const failed: usize = 320
const task: usize = 384
// Looks at a thread that has not finished, some ten seconds altogether, before it counts as lost.
const patience: i64 = 10000000000

/** Computes panels of the mailbox's product, a few at a time, until none is left. */
function takePanels(mailbox: usize): void {
  const at = mailbox + task
  const x = load<usize>(at)
  const xStride = load<usize>(at, 4)
  const packed = load<usize>(at, 8)
  const y = load<usize>(at, 12)
  const yStride = load<usize>(at, 16)
  const rows = load<i32>(at, 20)
  const inner = load<i32>(at, 24)
  const panels = load<i32>(at, 28)
  const add = load<i32>(at, 32) != 0
  const half = load<i32>(at, 36) != 0
  const few = load<i32>(at, 40)
  const panelBytes = (<usize>inner) << (half ? 4 : 5)
  for (;;) {
    const first = atomic.add<i32>(mailbox + nextPanel, few)
    if (first >= panels) return
    const count = min(few, panels - first)
    const from = packed + <usize>first * panelBytes
    const to = y + ((<usize>first) << 5)
    if (half) multiplyHalf(x, xStride, from, to, yStride, rows, inner, count, add)
    else multiply(x, xStride, from, to, yStride, rows, inner, count, add)
  }
}

/**
 * `multiply`, or `multiplyHalf` where `half` is true, with the help of the threads that `serve` the mailbox. Returns whether all of it
 * was done: not where a thread failed or was lost on the way.
 */
export function multiplyTogether(
  mailbox: usize,
  half: bool,
  x: usize,
  xStride: usize,
  packed: usize,
  y: usize,
  yStride: usize,
  rows: i32,
  inner: i32,
  panels: i32,
  add: bool
): bool {
  const at = mailbox + task
  store<usize>(at, x)
  store<usize>(at, xStride, 4)
  store<usize>(at, packed, 8)
  store<usize>(at, y, 12)
  store<usize>(at, yStride, 16)
  store<i32>(at, rows, 20)
  store<i32>(at, inner, 24)
  store<i32>(at, panels, 28)
  store<i32>(at, add, 32)
  store<i32>(at, half, 36)
  // Four panels or more, and at least 65,536 products.
  store<i32>(at, max(1, 2048 / (rows * inner)) << 2, 40)
  atomic.store<i32>(mailbox + nextPanel, 0)
  atomic.store<i32>(mailbox + open, 1)
  atomic.add<i32>(mailbox + generation, 1)
  atomic.notify(mailbox + generation, -1)
  takePanels(mailbox)
  // Who is not at work yet comes too late; who is finishes its panels. Only then may the mailbox be written to again.
  atomic.store<i32>(mailbox + open, 0)
  for (let looks: i64 = 0; atomic.load<i32>(mailbox + active) != 0; looks++) {
    if (looks > patience) return false
  }
  return atomic.load<i32>(mailbox + failed) == 0
}

/** What a helping thread does until it is dismissed; it looks `spins` times for a new product before it sleeps. */
export function serve(mailbox: usize, spins: i32): void {
  let seen = 0
  for (;;) {
    let left = spins
    while (atomic.load<i32>(mailbox + generation) == seen) {
      if (left-- > 0) continue
      atomic.wait<i32>(mailbox + generation, seen, -1)
    }
    seen = atomic.load<i32>(mailbox + generation)
    if (atomic.load<i32>(mailbox + dismissed) != 0) return
    atomic.add<i32>(mailbox + active, 1)
    if (atomic.load<i32>(mailbox + open) != 0) takePanels(mailbox)
    atomic.sub<i32>(mailbox + active, 1)
  }
}

/** Tells of a thread that stopped in the middle of a product. */
export function fail(mailbox: usize): void {
  atomic.store<i32>(mailbox + failed, 1)
  atomic.sub<i32>(mailbox + active, 1)
}

/** Sends the mailbox's threads home. */
export function dismiss(mailbox: usize): void {
  atomic.store<i32>(mailbox + dismissed, 1)
  atomic.add<i32>(mailbox + generation, 1)
  atomic.notify(mailbox + generation, -1)
}

/** Adds a vector of `bytes` bytes to each row. */
export function addToRows(vector: usize, y: usize, yStride: usize, rows: i32, bytes: usize): void {
  for (let row = 0; row < rows; row++) {
    const to = y + <usize>row * yStride
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(vector + i)))
    }
  }
}

/** Copies `bytes` bytes. */
export function copy(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes)
}

/** Root-mean-square norm of rows; `width` is the count that the mean is over, rows are padded with zeros to a multiple of 8. */
export function normalize(
  x: usize,
  scale: usize,
  y: usize,
  stride: usize,
  rows: i32,
  width: i32,
  epsilon: f32
): void {
  for (let row = 0; row < rows; row++) {
    const from = x + <usize>row * stride
    const to = y + <usize>row * stride
    let squares = f32x4.splat(0)
    for (let i: usize = 0; i < stride; i += 16) {
      const v = v128.load(from + i)
      squares = f32x4.add(squares, f32x4.mul(v, v))
    }
    const inverse = f32x4.splat(<f32>1.0 / sqrt<f32>(horizontalSum(squares) / <f32>width + epsilon))
    for (let i: usize = 0; i < stride; i += 16) {
      v128.store(to + i, f32x4.mul(f32x4.mul(v128.load(from + i), inverse), v128.load(scale + i)))
    }
  }
}

/**
 * Rotates `heads` heads that lie `stride` apart from `x` on, by the angles of one position: `half` cosines and sines. A head's first
 * `half` features are paired with its next `half`; others stay.
 */
export function rotate(x: usize, heads: i32, stride: usize, half: i32, cosines: usize, sines: usize): void {
  const halfBytes = (<usize>half) << 2
  let at = x
  for (let head = 0; head < heads; head++) {
    for (let i: usize = 0; i < halfBytes; i += 4) {
      const first = load<f32>(at + i)
      const second = load<f32>(at + halfBytes + i)
      const cosine = load<f32>(cosines + i)
      const sine = load<f32>(sines + i)
      store<f32>(at + i, first * cosine - second * sine)
      store<f32>(at + halfBytes + i, second * cosine + first * sine)
    }
    at += stride
  }
}

/** silu(gate) * up for rows that hold the gate's features, then from `width` bytes on the up projection's; a multiple of 16. */
export function activate(x: usize, stride: usize, y: usize, rows: i32, width: usize): void {
  const one = f32x4.splat(1)
  const zero = f32x4.splat(0)
  for (let row = 0; row < rows; row++) {
    const from = x + <usize>row * stride
    const to = y + <usize>row * width
    for (let i: usize = 0; i < width; i += 16) {
      const gate = v128.load(from + i)
      // exp is of a number at most 0: sigmoid(g) = 1 / (1 + e) for g >= 0, else e / (1 + e), with e = exp(-|g|).
      const e = exponential(f32x4.neg(f32x4.abs(gate)))
      const numerator = v128.bitselect(one, e, f32x4.ge(gate, zero))
      const sigmoid = f32x4.div(numerator, f32x4.add(one, e))
      v128.store(to + i, f32x4.mul(f32x4.mul(gate, sigmoid), v128.load(from + width + i)))
    }
  }
}

@inline
function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0)
  for (let i: usize = 0; i < bytes; i += 16) {
    sum = f32x4.relaxed_madd(v128.load(a + i), v128.load(b + i), sum)
  }
  return horizontalSum(sum)
}

/** The query's products with `count` keys that lie `stride` apart, four at a time; returns where the next one goes. */
@inline
function score(query: usize, keys: usize, stride: usize, count: i32, scores: usize, bytes: usize): usize {
  let key = keys
  let at = scores
  let t = 0
  for (; t + 4 <= count; t += 4) {
    const key1 = key + stride
    const key2 = key1 + stride
    const key3 = key2 + stride
    let a = f32x4.splat(0)
    let b = f32x4.splat(0)
    let c = f32x4.splat(0)
    let d = f32x4.splat(0)
    for (let i: usize = 0; i < bytes; i += 16) {
      const q = v128.load(query + i)
      a = f32x4.relaxed_madd(q, v128.load(key + i), a)
      b = f32x4.relaxed_madd(q, v128.load(key1 + i), b)
      c = f32x4.relaxed_madd(q, v128.load(key2 + i), c)
      d = f32x4.relaxed_madd(q, v128.load(key3 + i), d)
    }
    // The four horizontal sums, added up as `horizontalSum` does.
    const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7))
    const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 2, 4, 6), v128.shuffle<f32>(c, d, 1, 3, 5, 7))
    v128.store(at, f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7)))
    key = key3 + stride
    at += 16
  }
  for (; t < count; t++) {
    store<f32>(at, dot(query, key, bytes))
    key += stride
    at += 4
  }
  return at
}

/** exp(scores - their maximum) in place, padded to a multiple of 4 numbers that vanish; returns the sum. */
export function exponentiate(scores: usize, count: i32, factor: f32): f32 {
  const padded = (count + 3) & ~3
  const end = (<usize>padded) << 2
  for (let i = count; i < padded; i++) store<f32>(scores + ((<usize>i) << 2), -f32.MAX_VALUE)
  let largest = v128.load(scores)
  for (let i: usize = 16; i < end; i += 16) largest = f32x4.max(largest, v128.load(scores + i))
  const top = f32x4.splat(horizontalMax(largest))
  const scale = f32x4.splat(factor)
  let sum = f32x4.splat(0)
  for (let i: usize = 0; i < end; i += 16) {
    const e = exponential(f32x4.mul(f32x4.sub(v128.load(scores + i), top), scale))
    sum = f32x4.add(sum, e)
    v128.store(scores + i, e)
  }
  // Padding came out as exp(-87) = 1e-38, which vanishes beside the maximum's 1.
  return horizontalSum(sum)
}

/**
 * One token's attention over two stretches of keys and values (a prompt's, which its samples share, and its own), each
 * `[position][key-value head][headSize]`, the head size a multiple of 8; `scores` is scratch for one head's scores.
 */
export function attend(
  queries: usize,
  out: usize,
  keyValueHeads: i32,
  group: i32,
  headSize: i32,
  sharedKeys: usize,
  sharedValues: usize,
  sharedCount: i32,
  ownKeys: usize,
  ownValues: usize,
  ownCount: i32,
  scores: usize,
  factor: f32
): void {
  const headBytes = (<usize>headSize) << 2
  const stride = headBytes * <usize>keyValueHeads
  const count = sharedCount + ownCount
  for (let keyHead = 0; keyHead < keyValueHeads; keyHead++) {
    const offset = <usize>keyHead * headBytes
    for (let member = 0; member < group; member++) {
      const head = (<usize>(keyHead * group + member)) * headBytes
      const query = queries + head
      const next = score(query, sharedKeys + offset, stride, sharedCount, scores, headBytes)
      score(query, ownKeys + offset, stride, ownCount, next, headBytes)
      const inverse = f32x4.splat(<f32>1.0 / exponentiate(scores, count, factor))
      const to = out + head
      let i: usize = 0
      // Eight sums at a time, then what is left of the head two at a time.
      for (; i + 128 <= headBytes; i += 128) {
        let a = f32x4.splat(0)
        let b = f32x4.splat(0)
        let c = f32x4.splat(0)
        let d = f32x4.splat(0)
        let e = f32x4.splat(0)
        let f = f32x4.splat(0)
        let g = f32x4.splat(0)
        let h = f32x4.splat(0)
        let at = scores
        let value = sharedValues + offset + i
        for (let t = 0; t < sharedCount; t++) {
          const share = v128.load32_splat(at)
          a = f32x4.relaxed_madd(share, v128.load(value), a)
          b = f32x4.relaxed_madd(share, v128.load(value, 16), b)
          c = f32x4.relaxed_madd(share, v128.load(value, 32), c)
          d = f32x4.relaxed_madd(share, v128.load(value, 48), d)
          e = f32x4.relaxed_madd(share, v128.load(value, 64), e)
          f = f32x4.relaxed_madd(share, v128.load(value, 80), f)
          g = f32x4.relaxed_madd(share, v128.load(value, 96), g)
          h = f32x4.relaxed_madd(share, v128.load(value, 112), h)
          at += 4
          value += stride
        }
        value = ownValues + offset + i
        for (let t = 0; t < ownCount; t++) {
          const share = v128.load32_splat(at)
          a = f32x4.relaxed_madd(share, v128.load(value), a)
          b = f32x4.relaxed_madd(share, v128.load(value, 16), b)
          c = f32x4.relaxed_madd(share, v128.load(value, 32), c)
          d = f32x4.relaxed_madd(share, v128.load(value, 48), d)
          e = f32x4.relaxed_madd(share, v128.load(value, 64), e)
          f = f32x4.relaxed_madd(share, v128.load(value, 80), f)
          g = f32x4.relaxed_madd(share, v128.load(value, 96), g)
          h = f32x4.relaxed_madd(share, v128.load(value, 112), h)
          at += 4
          value += stride
        }
        v128.store(to + i, f32x4.mul(a, inverse))
        v128.store(to + i, f32x4.mul(b, inverse), 16)
        v128.store(to + i, f32x4.mul(c, inverse), 32)
        v128.store(to + i, f32x4.mul(d, inverse), 48)
        v128.store(to + i, f32x4.mul(e, inverse), 64)
        v128.store(to + i, f32x4.mul(f, inverse), 80)
        v128.store(to + i, f32x4.mul(g, inverse), 96)
        v128.store(to + i, f32x4.mul(h, inverse), 112)
      }
      for (; i < headBytes; i += 32) {
        let a = f32x4.splat(0)
        let b = f32x4.splat(0)
        let at = scores
        let value = sharedValues + offset + i
        for (let t = 0; t < sharedCount; t++) {
          const share = v128.load32_splat(at)
          a = f32x4.relaxed_madd(share, v128.load(value), a)
          b = f32x4.relaxed_madd(share, v128.load(value, 16), b)
          at += 4
          value += stride
        }
        value = ownValues + offset + i
        for (let t = 0; t < ownCount; t++) {
          const share = v128.load32_splat(at)
          a = f32x4.relaxed_madd(share, v128.load(value), a)
          b = f32x4.relaxed_madd(share, v128.load(value, 16), b)
          at += 4
          value += stride
        }
        v128.store(to + i, f32x4.mul(a, inverse))
        v128.store(to + i, f32x4.mul(b, inverse), 16)
      }
    }
  }
}
