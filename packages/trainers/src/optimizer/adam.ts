import * as tf from "@tensorflow/tfjs"
import {
  type Moments,
  readMoment,
  replaceMoment,
  requireMoment,
  restoreMoment,
  zeroMoments
} from "./moments.ts"
import { flatten, layoutsOf, type Parameters, type Place } from "./parameter-layout.ts"

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

/** Adam with bias correction (Kingma and Ba 2015), over many parameters at once. */
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

/** An optimizer of `parameters`, whose names and shapes are fixed from here on. It owns its moments, not the parameters. */
export const makeAdam = (parameters: Parameters, options: AdamOptions): Adam => {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options
  const maxNorm = options.maxGradientNorm ?? Number.POSITIVE_INFINITY
  const pages = layoutsOf(parameters).map(zeroMoments)
  let steps = 0
  let skipped = 0

  const moveMoments = (page: Moments, gradient: tf.Tensor, scale: number) => {
    const first = tf.tidy(() => tf.add(tf.mul(page.first, beta1), tf.mul(gradient, (1 - beta1) * scale)))
    replaceMoment(page, "first", first)
    const second = tf.tidy(() =>
      tf.add(tf.mul(page.second, beta2), tf.mul(tf.square(gradient), (1 - beta2) * scale * scale))
    )
    replaceMoment(page, "second", second)
  }

  const moveParameters = ({ layout, first, second }: Moments) => {
    const rate = typeof options.learningRate === "number" ? options.learningRate : options.learningRate(steps)
    const correction1 = 1 - beta1 ** (steps + 1)
    const correction2 = 1 - beta2 ** (steps + 1)
    const change = tf.tidy(() => {
      const spread = tf.add(tf.sqrt(tf.div(second, correction2)), epsilon)
      return tf.reshape(tf.mul(tf.div(first, spread), rate / correction1), [-1])
    })
    try {
      for (const place of layout.places) {
        const parameter = parameters[place.name]
        if (parameter === undefined) continue
        tf.tidy(() => {
          const part = tf.reshape(tf.slice(change, [place.offset], [place.size]), place.shape)
          const base =
            weightDecay > 0 && decays(place) ? tf.mul(parameter, 1 - rate * weightDecay) : parameter
          parameter.assign(tf.sub(base, part))
        })
      }
    } finally {
      change.dispose()
    }
  }

  /** The gradients' global norm, and the loss summed. */
  const measure = async (
    gradients: ReadonlyArray<tf.Tensor>,
    loss: tf.Tensor | undefined
  ): Promise<Pick<StepOutcome, "gradientNorm" | "loss">> => {
    const measured = tf.tidy(() =>
      tf.stack([
        loss === undefined ? tf.scalar(0) : tf.sum(loss),
        ...gradients.map((gradient) => tf.tidy(() => tf.sum(tf.sum(tf.square(gradient), 1))))
      ])
    )
    try {
      const [lossSum = Number.NaN, ...squares] = Array.from(await measured.data())
      return { gradientNorm: Math.sqrt(squares.reduce((sum, square) => sum + square, 0)), loss: lossSum }
    } finally {
      measured.dispose()
    }
  }

  return {
    get steps() {
      return steps
    },
    get skipped() {
      return skipped
    },
    async step(gradients, loss) {
      const flat = tf.tidy(() => pages.map(({ layout }) => flatten(layout, gradients)))
      try {
        const measured = await measure(flat, loss)
        const applied = Number.isFinite(measured.gradientNorm) && Number.isFinite(measured.loss)
        if (applied) {
          const scale = measured.gradientNorm > maxNorm ? maxNorm / measured.gradientNorm : 1
          for (const [i, page] of pages.entries()) {
            const gradient = flat[i]
            if (gradient === undefined) continue
            moveMoments(page, gradient, scale)
            gradient.dispose()
            moveParameters(page)
          }
          steps++
        } else skipped++
        return { applied, ...measured }
      } finally {
        tf.dispose(flat)
      }
    },
    async state() {
      const firstMoments: Record<string, Float32Array> = {}
      const secondMoments: Record<string, Float32Array> = {}
      for (const page of pages) {
        Object.assign(firstMoments, await readMoment(page, "first"))
        Object.assign(secondMoments, await readMoment(page, "second"))
      }
      return { steps, skipped, firstMoments, secondMoments }
    },
    restore(state) {
      for (const page of pages) {
        requireMoment(page, "first", state.firstMoments)
        requireMoment(page, "second", state.secondMoments)
      }
      for (const page of pages) {
        restoreMoment(page, "first", state.firstMoments)
        restoreMoment(page, "second", state.secondMoments)
      }
      steps = state.steps
      skipped = state.skipped
    },
    dispose() {
      for (const { first, second } of pages) tf.dispose([first, second])
    }
  }
}
