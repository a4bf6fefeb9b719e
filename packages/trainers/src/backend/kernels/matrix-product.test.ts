import { assert, describe, it } from "@effect/vitest"
import { productLayout } from "./matrix-product.ts"

const items = (count: number, itemOf: (item: number) => number) =>
  Array.from({ length: count }, (_, item) => itemOf(item))

describe("productLayout", () => {
  it("reads rows, inner and columns through transpositions", () => {
    const { rows, inner, columns } = productLayout([5, 2], [7, 5], true, true)
    assert.deepStrictEqual([rows, inner, columns], [2, 5, 7])
  })

  it("broadcasts both batches", () => {
    const layout = productLayout([2, 1, 4, 5], [1, 3, 5, 6], false, false)
    assert.deepStrictEqual(layout.batch, [2, 3])
    assert.deepStrictEqual(items(6, layout.leftItem), [0, 0, 0, 1, 1, 1])
    assert.deepStrictEqual(items(6, layout.rightItem), [0, 1, 2, 0, 1, 2])
  })

  it("broadcasts a batch of lower rank from the right", () => {
    const layout = productLayout([2, 3, 4, 5], [3, 5, 6], false, false)
    assert.deepStrictEqual(items(6, layout.rightItem), [0, 1, 2, 0, 1, 2])
  })

  it("says what does not fit", () => {
    assert.throws(
      () => productLayout([2, 3], [4, 5], false, false),
      /\[2,3\] and \[4,5\]: the inner dimensions differ/
    )
    assert.throws(() => productLayout([2, 4, 3], [3, 3, 5], false, false), /cannot be broadcast/)
  })
})
