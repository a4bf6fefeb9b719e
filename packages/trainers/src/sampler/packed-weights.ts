import type { Adapter, Decoder } from "../decoder/types.ts"
import { weightOf } from "../decoder/weight.ts"
import { headName, moduleName } from "../decoder/weight-shapes.ts"
import type { Heap } from "./heap.ts"
import { hostValues } from "./host-values.ts"
import { type LayerProducts, layerProducts, type Product, padded, placeOf } from "./layout.ts"
import { type LowRank, lowRankWidth, packLowRank } from "./low-rank.ts"
import { areHalves, type PackedMatrix, type Part, packMatrix } from "./packed-matrix.ts"

/** One product of a layer with what an adapter adds to it. */
export interface PackedProduct {
  readonly matrix: PackedMatrix
  /** Of all columns; undefined where no module has one. */
  readonly bias: number | undefined
  readonly lowRank: LowRank | undefined
}

/** A layer's weights. */
export interface PackedLayer extends LayerProducts<PackedProduct> {
  readonly attentionNorm: number
  readonly feedForwardNorm: number
  /** Of one head; undefined where queries and keys are not normalised. */
  readonly queryNorm: number | undefined
  readonly keyNorm: number | undefined
}

/** All that decoding multiplies with: pointers into the heap. */
export interface PackedWeights {
  readonly layers: ReadonlyArray<PackedLayer>
  readonly lastNorm: number
  /** A column for each token; the same matrix as `head` where the two are tied. */
  readonly embeddings: PackedMatrix
  readonly head: PackedMatrix
  /** The widest rows between LoRA's A and B. */
  readonly lowRankWidth: number
  /** What these weights took of the heap; those shared with a base are not among them. */
  readonly blocks: ReadonlyArray<number>
}

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
  const blocks: Array<number> = []
  const isOwn = (name: string): boolean => adapter?.variables[name] !== undefined
  const tensor = (name: string) => weightOf(decoder, adapter, name)

  const vector = async (
    names: ReadonlyArray<{ readonly name: string; readonly from: number }>,
    columns: number,
    place: (index: number) => number,
    shared: number | undefined
  ): Promise<number> => {
    if (shared !== undefined && !names.some(({ name }) => isOwn(name))) return shared
    const parts = await Promise.all(
      names.map(async ({ name, from }) => ({ values: await hostValues(tensor(name)), from }))
    )
    const block = heap.allocate(columns * 4)
    blocks.push(block)
    const floats = heap.floats()
    floats.fill(0, block / 4, block / 4 + columns)
    for (const { values, from } of parts) {
      for (const [i, value] of values.entries()) floats[block / 4 + place(from + i)] = value
    }
    return block
  }

  const norm = (name: string, size: number, shared: number | undefined) =>
    vector([{ name, from: 0 }], padded(size), (index) => index, shared)

  const matrix = async (
    names: ReadonlyArray<{ readonly name: string; readonly from: number }>,
    product: Pick<Product, "inputs" | "outputs" | "inner" | "columns">,
    shared: PackedMatrix | undefined
  ): Promise<PackedMatrix> => {
    if (shared !== undefined && !names.some(({ name }) => isOwn(name))) return shared
    const parts = await Promise.all(
      names.map(async ({ name, from }): Promise<Part> => {
        const weight = tensor(name)
        return { values: await hostValues(weight), inputs: weight.shape[1] ?? 0, from }
      })
    )
    // What is trained soon has numbers that are no bfloat16.
    const half = base === undefined && parts.every(({ values }) => areHalves(values))
    const packed = packMatrix(heap, product, parts, half)
    blocks.push(packed.block)
    return packed
  }

  const pack = async (): Promise<PackedWeights> => {
    const layers: Array<PackedLayer> = []
    let width = 0
    for (let index = 0; index < config.layers; index++) {
      const shared = base?.layers[index]
      const pack = async (key: keyof LayerProducts<Product>): Promise<PackedProduct> => {
        const product = products[key]
        const { modules, outputs, columns } = product
        const named = (suffix: string, placed: Product["modules"]) =>
          placed.map(({ module, from }) => ({ name: `${moduleName(index, module)}.${suffix}`, from }))
        const biased = modules.filter(({ module }) => config.biases.includes(module))
        const place = (at: number) => placeOf(outputs, at)
        const bias =
          biased.length === 0
            ? undefined
            : await vector(named("bias", biased), columns, place, shared?.[key].bias)
        const lowRank = await packLowRank(heap, adapter, index, product, blocks)
        if (lowRank !== undefined) width = Math.max(width, lowRankWidth(lowRank))
        return {
          matrix: await matrix(named("weight", modules), product, shared?.[key].matrix),
          bias,
          lowRank
        }
      }
      const name = (of: string) => `model.layers.${index}.${of}.weight`
      const headNorm = async (of: string, known: number | undefined) =>
        config.queryKeyNorm ? await norm(name(`self_attn.${of}`), config.headSize, known) : undefined
      layers.push({
        attentionNorm: await norm(name("input_layernorm"), config.hiddenSize, shared?.attentionNorm),
        feedForwardNorm: await norm(
          name("post_attention_layernorm"),
          config.hiddenSize,
          shared?.feedForwardNorm
        ),
        queryNorm: await headNorm("q_norm", shared?.queryNorm),
        keyNorm: await headNorm("k_norm", shared?.keyNorm),
        queriesKeysValues: await pack("queriesKeysValues"),
        output: await pack("output"),
        gateUp: await pack("gateUp"),
        down: await pack("down")
      })
    }
    const tokens = {
      inputs: { size: config.hiddenSize, stride: config.hiddenSize },
      outputs: { size: config.vocabularySize, stride: config.vocabularySize },
      inner: config.hiddenSize,
      columns: padded(config.vocabularySize)
    }
    const table = (name: string, shared: PackedMatrix | undefined) =>
      matrix([{ name, from: 0 }], tokens, shared)
    const lastNorm = await norm("model.norm.weight", config.hiddenSize, base?.lastNorm)
    const head = await table(headName(config), base?.head)
    const embeddings = config.tiedEmbeddings
      ? head
      : await table("model.embed_tokens.weight", base?.embeddings)
    return { layers, lastNorm, embeddings, head, lowRankWidth: width, blocks }
  }

  try {
    return await pack()
  } catch (cause) {
    for (const block of blocks) heap.free(block)
    throw cause
  }
}
