import { execFileSync } from "node:child_process"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { commandLine } from "./shell.ts"

describe("commandLine", () => {
  it("quotes only what has to be quoted", () => {
    expect(commandLine(["--run", "runs/first", "the second", "it's $5", ""])).toBe(
      "--run runs/first 'the second' 'it'\\''s $5' ''"
    )
  })

  it("is read by a shell as it was meant", () => {
    const argument = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes("\0"))
    const all = fc.sample(fc.array(argument, { minLength: 1, maxLength: 4 }), { numRuns: 20, seed: 4 }).flat()
    expect(execFileSync("sh", ["-c", `printf '%s\\0' ${commandLine(all)}`], { encoding: "utf8" })).toBe(
      all.map((text) => `${text}\0`).join("")
    )
  })
})
