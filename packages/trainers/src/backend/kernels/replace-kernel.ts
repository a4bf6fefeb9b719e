import * as tf from "@tensorflow/tfjs"

const isRegistered = (kernelName: string, backendName: string): boolean =>
  tf.getKernelsForBackend(backendName).some((kernel) => kernel.kernelName === kernelName)

/** Puts our kernel in the place of a stock one, which it receives; does nothing where ours is there already. */
export function replaceKernel(
  kernelName: string,
  backendName: string,
  make: (stock: tf.KernelFunc) => tf.KernelFunc
): void {
  // The stock kernel stays in the registry under a name of its own. It is the proof of the replacement, and
  // TensorFlow.js goes on running its set-up function whenever the backend is initialised.
  const kept = stockName(kernelName)
  if (isRegistered(kept, backendName)) return
  const stock = tf.getKernel(kernelName, backendName)
  tf.registerKernel({ ...stock, kernelName: kept })
  tf.unregisterKernel(kernelName, backendName)
  tf.registerKernel({ kernelName, backendName, kernelFunc: make(stock.kernelFunc) })
}

/** The name under which a replaced kernel stays in the registry, for tests and benchmarks. */
export function stockName(kernelName: string): string {
  return `Stock${kernelName}`
}

/** Registers a kernel that a backend lacks; does nothing where it is there already. */
export function addKernel(kernelName: string, backendName: string, kernelFunc: tf.KernelFunc): void {
  if (!isRegistered(kernelName, backendName)) tf.registerKernel({ kernelName, backendName, kernelFunc })
}
