import { textWidth } from "./text-width.ts"

/** A mark that wants a label; pixels, y downwards. `bar` is the vertical stretch of its interval. */
export interface Labelled {
  readonly text: string
  readonly bold?: boolean
  readonly x: number
  readonly y: number
  readonly bar?: readonly [top: number, bottom: number]
}

/** The middle of a label's left edge. */
export interface Placed {
  readonly x: number
  readonly y: number
  readonly width: number
  /** Whether it is so far from its mark that a line should lead to it. */
  readonly far: boolean
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top))

/** Where around its mark a label may go: distance and direction, the usual places first. */
const places = [9, 18, 30, 46, 64, 84].flatMap((distance) =>
  [0, 180, -90, 90, -45, 45, -135, 135, -20, 20, -160, 160].map((degrees) => ({
    distance,
    dx: Math.cos((degrees * Math.PI) / 180),
    dy: Math.sin((degrees * Math.PI) / 180)
  }))
)

/**
 * Places a label beside each mark, the first mark first, so that labels cover neither each other nor marks as far as there is room.
 * A function of its arguments: of equally good places it takes the nearest.
 */
export const placeLabels = (
  marks: ReadonlyArray<Labelled>,
  { width, height, fontSize }: { readonly width: number; readonly height: number; readonly fontSize: number }
): ReadonlyArray<Placed> => {
  const around = (x: number, y: number, dx: number, dy: number): Box => ({
    left: x - dx,
    right: x + dx,
    top: y - dy,
    bottom: y + dy
  })
  const points = marks.map(({ x, y }) => around(x, y, 6, 6))
  const bars = marks.flatMap(({ x, bar }) =>
    bar === undefined ? [] : [{ left: x - 1, right: x + 1, top: bar[0], bottom: bar[1] }]
  )
  const taken: Array<Box> = []
  return marks.map(({ text, bold, x, y }) => {
    const wide = textWidth(text, fontSize) * (bold === true ? 1.1 : 1)
    const high = fontSize + 3
    let best: { readonly box: Box; readonly distance: number } | undefined
    let lowest = Number.POSITIVE_INFINITY
    for (const { distance, dx, dy } of places) {
      const middle = x + dx * distance + (Math.abs(dx) < 0.01 ? 0 : Math.sign(dx) * (wide / 2))
      const box = around(middle, y + dy * distance, wide / 2, high / 2)
      if (box.left < 0 || box.right > width || box.top < 0 || box.bottom > height) continue
      const cost =
        10 * taken.reduce((sum, other) => sum + overlap(box, other), 0) +
        5 * points.reduce((sum, other) => sum + overlap(box, other), 0) +
        bars.reduce((sum, other) => sum + overlap(box, other), 0) +
        distance / 2
      if (cost < lowest) {
        lowest = cost
        best = { box, distance }
      }
    }
    const box = best?.box ?? around(Math.min(Math.max(x, wide / 2), width - wide / 2), y, wide / 2, high / 2)
    taken.push(box)
    return {
      x: box.left,
      y: (box.top + box.bottom) / 2,
      width: wide,
      far: (best?.distance ?? 0) > 18
    }
  })
}
