import * as tf from "@tensorflow/tfjs"

/**
 * Runs `load` without the banners and re-registration notices of TensorFlow.js, which go to the console.
 *
 * They are silenced by its own production flag, for the time of the call; errors still throw.
 */
export async function quietly<A>(load: () => Promise<A> | A): Promise<A> {
  const before = tf.env().getBool("PROD")
  tf.env().set("PROD", true)
  try {
    return await load()
  } finally {
    tf.env().set("PROD", before)
  }
}
