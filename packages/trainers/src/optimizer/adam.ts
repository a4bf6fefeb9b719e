import * as tf from "@tensorflow/tfjs"
import { flatten, layoutOf, type ParameterLayout, type Parameters, type Place } from "./parameter-layout.ts"

/** Adam's settings; the defaults are PyTorch's, without clipping and decay. */
export interface AdamOptions {
  /** A constant, or a function of the number of steps taken before. */
  readonly learningRate: number | ((step: number) => number)
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  /** Gradients with a larger global norm are scaled down to it. */
  readonly maxGradientNorm?: number
  /** Decoupled weight decay (AdamW) per step and unit of learning rate, on parameters of rank 2 and more. */
  readonly weightDecay?: number
}

/** What one step did. */
export interface StepOutcome {
  /** False where the loss or the gradient was not finite: then nothing has changed but the count of skipped steps. */
  readonly applied: boolean
  /** Global L2 norm before clipping. */
  readonly gradientNorm: number
  /** The loss handed in, summed over its elements; 0 without one. */
  readonly loss: number
}

/** Everything that a step depends on besides the parameters, as plain values by parameter name. */
export interface AdamState {
  /** Steps applied, and steps skipped for a loss or gradient that was not finite. */
  readonly steps: number
  readonly skipped: number
  readonly firstMoments: Readonly<Record<string, Float32Array>>
  readonly secondMoments: Readonly<Record<string, Float32Array>>
}

/** Adam with bias correction (Kingma and Ba 2015), over all parameters at once. */
export interface Adam {
  readonly steps: number
  readonly skipped: number
  /** Steps along gradients given under the parameters' names, which stay the caller's; waits for the device once. */
  step(gradients: Readonly<Record<string, tf.Tensor>>, loss?: tf.Tensor): Promise<StepOutcome>
  state(): Promise<AdamState>
  /** Goes on exactly from `state`; throws where a moment is missing or of the wrong size. */
  restore(state: AdamState): void
  dispose(): void
}

const decays = ({ shape }: Place): boolean => shape.length >= 2

const unflatten = (layout: ParameterLayout, values: Float32Array): Record<string, Float32Array> =>
  Object.fromEntries(
    layout.places.map(({ name, offset, size }) => [name, values.slice(offset, offset + size)])
  )

const momentsFrom = (
  layout: ParameterLayout,
  moments: Readonly<Record<string, Float32Array>>,
  what: string
): tf.Tensor => {
  const values = new Float32Array(layout.shape[0] * layout.shape[1])
  for (const { name, offset, size } of layout.places) {
    const moment = moments[name]
    if (moment?.length !== size) {
      throw new Error(
        `The optimizer state has ${moment?.length ?? "no"} ${what} for the ${size} elements of ${name}.`
      )
    }
    values.set(moment, offset)
  }
  return tf.tensor(values, layout.shape, "float32")
}

/** An optimizer of `parameters`, whose names and shapes are fixed from here on. It owns its moments, not the parameters. */
export const makeAdam = (parameters: Parameters, options: AdamOptions): Adam => {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options
  const maxNorm = options.maxGradientNorm ?? Number.POSITIVE_INFINITY
  const layout = layoutOf(parameters)
  // Outside any scope: the moments live as long as the optimizer.
  let first = tf.keep(tf.zeros(layout.shape))
  let second = tf.keep(tf.zeros(layout.shape))
  let steps = 0
  let skipped = 0

  const replaceMoments = (nextFirst: tf.Tensor, nextSecond: tf.Tensor) => {
    tf.dispose([first, second])
    first = tf.keep(nextFirst)
    second = tf.keep(nextSecond)
  }

  const apply = (flat: tf.Tensor, norm: number) => {
    const rate = typeof options.learningRate === "number" ? options.learningRate : options.learningRate(steps)
    const scale = norm > maxNorm ? maxNorm / norm : 1
    const correction1 = 1 - beta1 ** (steps + 1)
    const correction2 = 1 - beta2 ** (steps + 1)
    const [nextFirst, nextSecond] = tf.tidy(() => [
      tf.add(tf.mul(first, beta1), tf.mul(flat, (1 - beta1) * scale)),
      tf.add(tf.mul(second, beta2), tf.mul(tf.square(flat), (1 - beta2) * scale * scale))
    ])
    if (nextFirst === undefined || nextSecond === undefined) throw new Error("Adam made no moments.")
    replaceMoments(nextFirst, nextSecond)
    tf.tidy(() => {
      const spread = tf.add(tf.sqrt(tf.div(second, correction2)), epsilon)
      const change = tf.reshape(tf.mul(tf.div(first, spread), rate / correction1), [-1])
      for (const place of layout.places) {
        const parameter = parameters[place.name]
        if (parameter === undefined) continue
        const part = tf.reshape(tf.slice(change, [place.offset], [place.size]), place.shape)
        const base = weightDecay > 0 && decays(place) ? tf.mul(parameter, 1 - rate * weightDecay) : parameter
        parameter.assign(tf.sub(base, part))
      }
    })
    steps++
  }

  return {
    get steps() {
      return steps
    },
    get skipped() {
      return skipped
    },
    async step(gradients, loss) {
      const flat = flatten(layout, gradients)
      const measured = tf.tidy(() =>
        tf.stack([tf.sum(tf.sum(tf.square(flat), 1)), loss === undefined ? tf.scalar(0) : tf.sum(loss)])
      )
      const [squares = Number.NaN, lossValue = Number.NaN] = await measured.data()
      measured.dispose()
      const gradientNorm = Math.sqrt(squares)
      const applied = Number.isFinite(gradientNorm) && Number.isFinite(lossValue)
      if (applied) apply(flat, gradientNorm)
      else skipped++
      flat.dispose()
      return { applied, gradientNorm, loss: lossValue }
    },
    async state() {
      const [firstValues, secondValues] = await Promise.all([first.data(), second.data()])
      return {
        steps,
        skipped,
        firstMoments: unflatten(layout, Float32Array.from(firstValues)),
        secondMoments: unflatten(layout, Float32Array.from(secondValues))
      }
    },
    restore(state) {
      const nextFirst = momentsFrom(layout, state.firstMoments, "first moments")
      const nextSecond = momentsFrom(layout, state.secondMoments, "second moments")
      replaceMoments(nextFirst, nextSecond)
      steps = state.steps
      skipped = state.skipped
    },
    dispose() {
      tf.dispose([first, second])
    }
  }
}
