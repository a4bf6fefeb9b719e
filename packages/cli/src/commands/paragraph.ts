import { pageWidth, wrap } from "../render/text.ts"

/** A description as help prints it: wrapped to the page, with help's indentation of two cells. */
export const paragraph = (text: string): string => wrap(text, pageWidth - 2).join("\n  ")
