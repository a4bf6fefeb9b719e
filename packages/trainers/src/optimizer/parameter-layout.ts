import * as tf from "@tensorflow/tfjs"

/** Elements per row of the flat layout: sums along rows and then over them stay exact enough in float32. */
const rowSize = 512

/** Named tensors that an optimizer can walk: a decoder's trainable weights, or an adapter's. */
export type Parameters = Readonly<Record<string, tf.Variable>>

/** Where one parameter lies in the flat layout. */
export interface Place {
  readonly name: string
  readonly shape: Array<number>
  readonly offset: number
  readonly size: number
}

/** Some parameters as one `[rows, 512]` tensor, filled up with zeros: a step is then one operation for all of them. */
export interface ParameterLayout {
  readonly places: ReadonlyArray<Place>
  readonly shape: [number, number]
  /** Total number of the parameters' elements. */
  readonly size: number
}

/**
 * Parameters in the order of their names in the record, laid out in runs of at most `pageSize` elements but for a parameter that is
 * larger by itself. What a step holds beside its moments then goes with a page, not with the model.
 */
export const layoutsOf = (parameters: Parameters, pageSize = 2 ** 20): ReadonlyArray<ParameterLayout> => {
  const pages: Array<{ readonly places: Array<Place>; size: number }> = []
  for (const [name, { shape, size }] of Object.entries(parameters)) {
    let page = pages.at(-1)
    if (page === undefined || page.size + size > pageSize) {
      page = { places: [], size: 0 }
      pages.push(page)
    }
    page.places.push({ name, shape: [...shape], offset: page.size, size })
    page.size += size
  }
  return pages.map(({ places, size }) => ({
    places,
    shape: [Math.max(1, Math.ceil(size / rowSize)), rowSize],
    size
  }))
}

/** One flat tensor from a tensor for each parameter of the layout; throws for a missing one or a wrong size. */
export const flatten = (layout: ParameterLayout, tensors: Readonly<Record<string, tf.Tensor>>): tf.Tensor =>
  tf.tidy(() => {
    const parts = layout.places.map(({ name, size }) => {
      const tensor = tensors[name]
      if (tensor === undefined) throw new Error(`There is no gradient for parameter ${name}.`)
      if (tensor.size !== size) {
        throw new Error(`Parameter ${name} has ${size} elements, but its gradient ${tensor.size}.`)
      }
      return tf.reshape(tensor, [-1])
    })
    const filler = layout.shape[0] * layout.shape[1] - layout.size
    const all = tf.concat(filler > 0 ? [...parts, tf.zeros([filler])] : parts)
    return tf.reshape(all, layout.shape)
  })
