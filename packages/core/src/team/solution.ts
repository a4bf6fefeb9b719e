import type { Answer } from "../answer/index.ts"
import type { Episode } from "../engine/play-episode.ts"
import type { TranscriptEntry } from "../transcript.ts"

/** A team's answer to a question, with the dialogue that led to it. */
export interface Solution {
  /** Absent where no readable answer was given. */
  readonly answer: Answer | undefined
  readonly transcript: ReadonlyArray<TranscriptEntry>
  readonly calls: number
  readonly promptTokens: number
  readonly completionTokens: number
}

export const solutionOf = (episode: Episode): Solution => ({
  answer: episode.answer,
  transcript: episode.transcript,
  calls: episode.calls,
  promptTokens: episode.promptTokens,
  completionTokens: episode.completionTokens
})
