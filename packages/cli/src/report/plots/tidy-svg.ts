/** What the library writes for screens with a mouse, and for readers that go from mark to mark. */
const unused = / (?:pointer-events|class|role|aria-[a-z]+|xmlns:xlink|version)="[^"]*"/g
const invisible = /<path(?: [a-z-]+="[^"]*")*? (?:d=""|d="M0,0h0v0h0Z")(?: [a-z-]+="[^"]*")*\/>/g
const longNumber = /-?\d+\.\d{3,}(?:e-?\d+)?/g

const tag = (text: string): string =>
  text
    .replaceAll(unused, "")
    // Hundredths of a pixel are enough, and do not differ between processors.
    .replaceAll(longNumber, (number) => String(Math.round(Number(number) * 100) / 100))

/** Makes a drawn figure smaller: no marks that show nothing, no attributes for a pointer, hundredths of a pixel. Texts stay as they are. */
export const tidySvg = (svg: string): string =>
  // In serialised XML a tag ends at the first ">", for those within values are escaped.
  svg
    .replaceAll(/<[a-z][^>]*>/g, tag)
    .replaceAll(invisible, "")
    .replaceAll("<g></g>", "")
