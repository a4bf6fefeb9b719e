import type { Plot } from "./plots/plot.ts"

/** A piece of running text. Its text may be anybody's: who renders it escapes it. `mark` refers to a table's note. */
export type Inline =
  | string
  | { readonly strong: string }
  | { readonly code: string }
  | { readonly mark: string }

/** Running text. */
export type Words = string | ReadonlyArray<Inline>

export interface Paragraph {
  readonly kind: "paragraph"
  readonly words: Words
}

export interface List {
  readonly kind: "list"
  readonly items: ReadonlyArray<Words>
}

/** A heading below a section's. */
export interface Subheading {
  readonly kind: "subheading"
  readonly id: string
  readonly title: string
}

/** A row of cells, the first of which names it, or the heading of the rows below. */
export type Row =
  | { readonly kind: "cells"; readonly cells: ReadonlyArray<Words>; readonly strong?: boolean }
  | { readonly kind: "group"; readonly title: string }

export interface Table {
  readonly kind: "table"
  readonly caption: string
  readonly columns: ReadonlyArray<{ readonly heading: string; readonly align: "left" | "right" }>
  readonly rows: ReadonlyArray<Row>
  /** What the cells' marks stand for. */
  readonly notes?: ReadonlyArray<{ readonly mark: string; readonly text: string }>
  /** Shown only on request, as numbers are that a figure shows already. */
  readonly folded?: boolean
}

export interface Figure {
  readonly kind: "figure"
  /** Unique in the document; lower-case letters, digits and hyphens. The name of its file. */
  readonly name: string
  readonly caption: Words
  /** For those who do not see it: what it shows, and what is to be seen. */
  readonly description: string
  readonly plot: Plot
}

/** A turn of a dialogue. */
export interface DialogueTurn {
  /** Who did what, as in `Turn 2: bob (reviewer), review`. */
  readonly title: string
  /** What was understood of it. */
  readonly reading?: string
  /** What was said; a turn without it was silent. */
  readonly text?: string
  readonly credit: number
}

export interface Dialogue {
  readonly kind: "dialogue"
  readonly title: string
  readonly facts: ReadonlyArray<readonly [name: string, value: string]>
  readonly turns: ReadonlyArray<DialogueTurn>
}

export type Block = Paragraph | List | Subheading | Table | Figure | Dialogue

export interface Section {
  /** Unique in the document; lower-case letters, digits and hyphens. */
  readonly id: string
  readonly title: string
  readonly blocks: ReadonlyArray<Block>
}

/** A report, whatever it is rendered to. */
export interface ReportDocument {
  readonly title: string
  readonly subtitle: string
  readonly sections: ReadonlyArray<Section>
}

export const paragraph = (...words: ReadonlyArray<Inline>): Paragraph => ({ kind: "paragraph", words })
export const cells = (...values: ReadonlyArray<Words>): Row => ({ kind: "cells", cells: values })

/** The figures of a document, in their order. */
export const figuresOf = ({ sections }: ReportDocument): ReadonlyArray<Figure> =>
  sections.flatMap(({ blocks }) => blocks.filter((block) => block.kind === "figure"))
