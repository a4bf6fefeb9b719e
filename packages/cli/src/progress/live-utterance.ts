import type { TracerEvent } from "@tracer-sdk/core"
import { printable } from "../render/text.ts"
import { eraseLine, type ProgressScreen } from "./show-progress.ts"

/**
 * Shows the end of what is being said on a line that is redrawn, and erases it before the next event is told. Only for screens
 * that redraw.
 */
export const liveUtterance = (screen: ProgressScreen): ((event: TracerEvent) => void) => {
  let said = ""
  return (event) => {
    if (event.type !== "utterance-delta") {
      if (said !== "") screen.write(eraseLine)
      said = ""
      return
    }
    said += event.text
    const head = `${printable(event.agent)}: `
    const room = Math.max(0, screen.width() - head.length)
    const tail = Array.from(printable(said).replace(/\s+/gu, " ").trim()).slice(-room)
    screen.write(`${eraseLine}${head}${room === 0 ? "" : tail.join("")}`)
  }
}
