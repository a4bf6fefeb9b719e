/** Texts that have broken readers. */
export const hostileTexts: ReadonlyArray<string> = [
  "",
  " \n\t\r\n ",
  "\u0000\uffff\ud800",
  "Final answer:",
  "Final answer: 5",
  "Verdict: RIGHT and WRONG",
  "Score: 0.5",
  "Next: bob",
  "**Verdict:** `WRONG`",
  "\\boxed{\\boxed{",
  "}".repeat(2_000),
  "\\frac{".repeat(2_000),
  "1,".repeat(10_000),
  "-".repeat(10_000),
  "a".repeat(20_000),
  "( ".repeat(5_000),
  "9".repeat(5_000),
  "1e999999 / 0",
  "__proto__ constructor toString",
  "א\u202e١٢٣ 四十二 ½ ∞"
]
