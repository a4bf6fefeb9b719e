import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"

const root = join(import.meta.dirname, "../..")

const forgotten = {
  "generator.ts": 'it("a", () => Effect.gen(function* () { yield* Effect.void }))',
  "pipe.ts": 'it("b", () => Effect.succeed(1).pipe(Effect.asVoid))',
  "return.ts": 'it("c", () => { return Effect.void })',
  "async.ts": 'it("d", async () => Effect.void)'
}
const fine = {
  "effect.ts": 'it.effect("a", () => Effect.void)',
  "promise.ts": 'it("b", () => Effect.runPromise(Effect.void))',
  "sync.ts": 'it("c", () => { const x = Effect.runSync(Effect.void); return x })'
}

it("the lint rule finds Effects that a plain test would never run, and nothing else", () => {
  const folder = mkdtempSync(join(root, "tools/lint/cases-"))
  try {
    for (const [file, test] of Object.entries({ ...forgotten, ...fine })) {
      writeFileSync(
        join(folder, file),
        `import { it } from "@effect/vitest"\nimport { Effect } from "effect"\n${test}\n`
      )
    }
    const { stdout, stderr, status } = spawnSync("biome", ["lint", folder, "--colors=off"], {
      cwd: root,
      encoding: "utf8"
    })
    const found = Object.keys({ ...forgotten, ...fine }).filter((file) =>
      `${stdout}${stderr}`.includes(`/${file}:`)
    )
    expect(status).not.toBe(0)
    expect(`${stdout}${stderr}`).toContain("An Effect in a plain it() never runs")
    expect(found).toEqual(Object.keys(forgotten))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
