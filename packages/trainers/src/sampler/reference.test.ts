import { beforeAll, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { referenceModels } from "../../test/reference-models.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { loadDecoder } from "../decoder/index.ts"
import { makeSampler } from "./index.ts"

beforeAll(() => quietly(loadCpu))

for (const { name, directory, load, expected } of referenceModels) {
  it.effect(`${name}: 32 greedy tokens as transformers draws them`, () =>
    Effect.gen(function* () {
      const decoder = yield* loadDecoder(directory, load)
      const sampler = yield* makeSampler({ ...decoder, config: { ...decoder.config, endTokens: [] } })
      const [greedy] = yield* sampler.sample({
        ...{ prompt: expected.prompt, samples: 1, seed: 0, temperature: 0, adapter: undefined },
        maxTokens: expected.greedy.length
      })
      expect(greedy?.ids).toEqual(expected.greedy)
      expect(greedy?.ids).toHaveLength(32)
      decoder.dispose()
    })
  )
}
