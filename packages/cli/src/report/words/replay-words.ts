import type { BenchmarkSummary } from "@tracer-sdk/core"

/** What a turn's worth is measured against, and what it cannot tell. */
export const replayWords = ({ replay }: Pick<BenchmarkSummary, "replay">): string =>
  replay === "anew"
    ? "What is compared is the same dialogue without the turn, in which those are asked again who would have seen something else."
    : "What is compared is the same dialogue without the turn, in which all others say what they said. That cannot see influence: a verdict that acts only through what a proposer says next counts nothing here, and its reviewer seems idle."
