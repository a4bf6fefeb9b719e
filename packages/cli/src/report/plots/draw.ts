import { safeText } from "../safe-text.ts"
import type { Plot } from "./plot.ts"
import { textWidth } from "./text-width.ts"
import { theme } from "./theme.ts"
import { tidySvg } from "./tidy-svg.ts"

declare module "vega" {
  /** How wide texts are; a function that is set here is used in place of the library's own. */
  export const textMetrics: {
    width: (item: { readonly fontSize?: number }, text: unknown) => number
  }
}

/** The plotting library, loaded when the first figure is drawn: other commands do not wait for it. */
const load = async () => {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")])
  // Where a canvas is installed, the library would measure by it, and figures would depend on the machine.
  vega.textMetrics.width = ({ fontSize }, text) =>
    Array.isArray(text)
      ? Math.max(0, ...text.map((line) => textWidth(String(line), fontSize ?? 11)))
      : textWidth(String(text), fontSize ?? 11)
  return { vega, vegaLite }
}

/**
 * Draws a plot as SVG, in the light palette; the same plot gives the same text.
 *
 * @param onWarning - hears what the library finds odd about the plot
 */
export const draw = async (plot: Plot, onWarning: (message: string) => void = () => {}): Promise<string> => {
  const { vega, vegaLite } = await load()
  const logger = {
    level: () => logger,
    error: (...messages: ReadonlyArray<unknown>) => {
      onWarning(messages.map(String).join(" "))
      return logger
    },
    warn: (...messages: ReadonlyArray<unknown>) => {
      onWarning(messages.map(String).join(" "))
      return logger
    },
    info: () => logger,
    debug: () => logger
  }
  const { spec } = vegaLite.compile(plot, { config: theme, logger })
  // The ids of clips count up from the last figure otherwise.
  vega.resetSVGDefIds()
  const view = new vega.View(vega.parse(spec), { renderer: "none", logger })
  try {
    return tidySvg(safeText(await view.toSVG()))
  } finally {
    view.finalize()
  }
}
