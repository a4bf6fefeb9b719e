import { bytes } from "./number.ts"
import type { Style } from "./style.ts"
import { layOut } from "./table.ts"
import { printable } from "./text.ts"

/** A file or folder of a run, with its size in bytes. */
export interface RunFile {
  readonly name: string
  readonly size: number
}

const purposes: ReadonlyArray<readonly [name: RegExp, what: string]> = [
  [/^summary\.json$/, "the outcome, for programs"],
  [/^team\.json$/, "configuration, controllers and progress: the saved team"],
  [/^events\.sqlite$/, "every event of training, in order"],
  [/^evaluations\/$/, "what each system did on each task"],
  [/^weights[\w-]*\/$/, "the learned weights"]
]

const purposeOf = (name: string): string | undefined => purposes.find(([known]) => known.test(name))?.[1]

/** The files of a run that a person may want, with what they are for. Folders' names end in a slash. */
export const renderFiles = (
  directory: string,
  files: ReadonlyArray<RunFile>,
  style: Style
): ReadonlyArray<string> => [
  style.strong(`Files in ${printable(directory)}`),
  ...layOut(
    [
      { heading: [], align: "left" },
      { heading: [], align: "right" },
      { heading: [], align: "left" }
    ],
    files.flatMap(({ name, size }) => {
      const what = purposeOf(name)
      return what === undefined ? [] : [[`  ${name}`, bytes(size), what]]
    })
  ).rows
]
