import type { AdapterConfig, DecoderConfig, LoraConfig } from "../decoder/types.ts"
import { moduleName, moduleShape, weightShapes } from "../decoder/weight-shapes.ts"

type Shapes = ReadonlyMap<string, ReadonlyArray<number>>

const loraShapes = (decoder: DecoderConfig, { rank, targets }: LoraConfig): Shapes => {
  const shapes = new Map<string, ReadonlyArray<number>>()
  for (let layer = 0; layer < decoder.layers; layer++) {
    for (const target of targets) {
      const [outputs, inputs] = moduleShape(decoder, target)
      shapes.set(`${moduleName(layer, target)}.lora_A.weight`, [rank, inputs])
      shapes.set(`${moduleName(layer, target)}.lora_B.weight`, [outputs, rank])
    }
  }
  return shapes
}

const lastLayersShapes = (decoder: DecoderConfig, last: number): Shapes => {
  const prefixes = Array.from({ length: last }, (_, i) => `model.layers.${decoder.layers - 1 - i}.`)
  return new Map(
    [...weightShapes(decoder)].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))
  )
}

/** Name and shape of every variable of an adapter: LoRA's two for each module that it changes, else the decoder's own weights. */
export const variableShapes = (decoder: DecoderConfig, config: AdapterConfig): Shapes => {
  switch (config.kind) {
    case "lora":
      return loraShapes(decoder, config)
    case "layers":
      return lastLayersShapes(decoder, config.last)
    case "full":
      return weightShapes(decoder)
  }
}
