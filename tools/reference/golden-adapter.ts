/**
 * Writes the adapter that tests compare with, and the base model with it merged in; called by `peft_fixture.py`.
 *
 *     node tools/reference/golden-adapter.ts BASE ADAPTER MERGED
 */

import { Effect } from "effect"
import { mergeAdapter, saveAdapter } from "../../packages/trainers/src/adapter/index.ts"
import { loadBackend } from "../../packages/trainers/src/backend/index.ts"
import { loadDecoder } from "../../packages/trainers/src/decoder/index.ts"
import { goldenAdapter } from "../../packages/trainers/test/golden-adapter.ts"

const [base = "", adapter = "", merged = ""] = process.argv.slice(2)

await Effect.runPromise(
  Effect.gen(function* () {
    yield* loadBackend({ prefer: "cpu" })
    const decoder = yield* loadDecoder(base)
    yield* saveAdapter(goldenAdapter(decoder), adapter)
    yield* mergeAdapter(base, adapter, merged)
  })
)
