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

/** All parameters as one `[rows, 512]` tensor, filled up with zeros: a step is then one operation for all of them. */
export interface ParameterLayout {
  readonly places: ReadonlyArray<Place>
  readonly shape: [number, number]
  /** Total number of parameters. */
  readonly size: number
}

/** The layout of parameters in the order of their names in the record. */
export const layoutOf = (parameters: Parameters): ParameterLayout => {
  const places: Array<Place> = []
  let offset = 0
  for (const [name, { shape, size }] of Object.entries(parameters)) {
    places.push({ name, shape: [...shape], offset, size })
    offset += size
  }
  return { places, shape: [Math.max(1, Math.ceil(offset / rowSize)), rowSize], size: offset }
}

/** One flat tensor from a tensor for each parameter; throws for a missing one or a wrong size. */
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
