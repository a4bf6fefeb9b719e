import type { Adapter, Decoder } from "../decoder/types.ts"
import { headName, moduleName } from "../decoder/weight-shapes.ts"
import type { Heap } from "./heap.ts"
import { type LayerProducts, layerProducts, type Product, padded, placeOf } from "./layout.ts"
import { lowRankWidth, packLowRank } from "./low-rank.ts"
import type { PackedLayer, PackedProduct, PackedWeights } from "./packed-weights.ts"
import { makePacker } from "./packer.ts"

/**
 * Packs a decoder's weights, or, given these as `base`, what holds with an adapter in their place: weights that the adapter does not
 * replace are the base's own. A base that is made of bfloat16 numbers is stored as such. Frees what it took where it fails.
 */
export const packWeights = async (
  decoder: Decoder,
  heap: Heap,
  adapter?: Adapter,
  base?: PackedWeights
): Promise<PackedWeights> => {
  const { config } = decoder
  const products = layerProducts(config)
  // What is trained has numbers that are no bfloat16 after its first step, and has to keep its place.
  const { blocks, vector, matrix } = makePacker(decoder, heap, adapter, base === undefined)
  const norm = (name: string, size: number, shared: number | undefined) =>
    vector([{ name, from: 0 }], padded(size), (index) => index, shared)

  const packProduct = async (
    index: number,
    key: keyof LayerProducts<Product>,
    shared: PackedProduct | undefined
  ): Promise<PackedProduct> => {
    const product = products[key]
    const { modules, outputs, columns } = product
    const named = (suffix: string, placed: Product["modules"]) =>
      placed.map(({ module, from }) => ({ name: `${moduleName(index, module)}.${suffix}`, from }))
    const biased = modules.filter(({ module }) => config.biases.includes(module))
    const place = (at: number) => placeOf(outputs, at)
    return {
      matrix: await matrix(named("weight", modules), product, shared?.matrix),
      bias:
        biased.length === 0 ? undefined : await vector(named("bias", biased), columns, place, shared?.bias),
      lowRank: await packLowRank(heap, adapter, index, product, blocks)
    }
  }

  const packLayer = async (index: number): Promise<PackedLayer> => {
    const shared = base?.layers[index]
    const name = (of: string) => `model.layers.${index}.${of}.weight`
    const streamNorm = (of: string, known: number | undefined) => norm(name(of), config.hiddenSize, known)
    const headNorm = async (of: string, known: number | undefined) =>
      config.queryKeyNorm ? await norm(name(`self_attn.${of}`), config.headSize, known) : undefined
    const product = (key: keyof LayerProducts<Product>) => packProduct(index, key, shared?.[key])
    return {
      attentionNorm: await streamNorm("input_layernorm", shared?.attentionNorm),
      feedForwardNorm: await streamNorm("post_attention_layernorm", shared?.feedForwardNorm),
      queryNorm: await headNorm("q_norm", shared?.queryNorm),
      keyNorm: await headNorm("k_norm", shared?.keyNorm),
      queriesKeysValues: await product("queriesKeysValues"),
      output: await product("output"),
      gateUp: await product("gateUp"),
      down: await product("down")
    }
  }

  const pack = async (): Promise<PackedWeights> => {
    const layers: Array<PackedLayer> = []
    for (let index = 0; index < config.layers; index++) layers.push(await packLayer(index))
    const { hiddenSize, vocabularySize } = config
    const tokens = {
      inputs: { size: hiddenSize, stride: hiddenSize },
      outputs: { size: vocabularySize, stride: vocabularySize },
      inner: hiddenSize,
      columns: padded(vocabularySize)
    }
    const lastNorm = await norm("model.norm.weight", hiddenSize, base?.lastNorm)
    const head = await matrix([{ name: headName(config), from: 0 }], tokens, base?.head)
    const embeddings = config.tiedEmbeddings
      ? head
      : await matrix([{ name: "model.embed_tokens.weight", from: 0 }], tokens, base?.embeddings)
    const widths = layers.flatMap(({ queriesKeysValues, output, gateUp, down }) =>
      [queriesKeysValues, output, gateUp, down].map(({ lowRank }) =>
        lowRank === undefined ? 0 : lowRankWidth(lowRank)
      )
    )
    return { layers, lastNorm, embeddings, head, lowRankWidth: Math.max(...widths), blocks }
  }

  try {
    return await pack()
  } catch (cause) {
    for (const block of blocks) heap.free(block)
    throw cause
  }
}
