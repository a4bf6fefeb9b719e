import type { LayerProducts } from "./layout.ts"
import type { LowRank } from "./low-rank.ts"
import type { PackedMatrix } from "./packed-matrix.ts"

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
