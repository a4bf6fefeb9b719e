import { execFile } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { controllerPlugins } from "@tracer-sdk/controllers"
import {
  type ConfigError,
  corePlugins,
  createRegistry,
  graderFor,
  makeTeam,
  planBenchmark,
  readBenchmarkConfig,
  readTasks,
  readTeamConfig
} from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"
import { GspoOptions, LocalModelOptions, ServedModelOptions } from "@tracer-sdk/trainers"
import { Effect, Schema } from "effect"
import { chatServer } from "../packages/roles/test/openai-server.ts"

const strict = { onExcessProperty: "error" } as const

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const run = promisify(execFile)

/** Runs an example as a user does, on the built packages. */
const example = (name: string, ...args: ReadonlyArray<string>) => run(process.execPath, [path(name), ...args])

const percentages = (text: string) => [...text.matchAll(/([\d.]+)% right/g)].map(([, share]) => Number(share))
const tokens = (text: string) => [...text.matchAll(/(\d+) tokens/g)].map(([, count]) => Number(count))

describe.concurrent("examples without a model", () => {
  it("train-simulated: the team learns whom to hear", async ({ expect }) => {
    const { stdout, stderr } = await example("train-simulated.ts")
    expect(stderr).toBe("")
    const shares = percentages(stdout)
    expect(shares.at(-1)).toBeGreaterThan((shares[0] ?? 100) + 15)
    // One vote for the answer: it is kept. One against: there is a new one.
    expect(stdout).toMatch(/ada\.proposer +vote=\+1 round=last +keep +(9\d|100)%/)
    expect(stdout).toMatch(/ada\.proposer +vote=-1 round=last .* propose +(9\d|100)%/)
  })

  it("own-controller: holds to the interface, and learns whom to listen to as well as others", async ({
    expect
  }) => {
    const { stdout, stderr } = await example("own-controller.ts")
    expect(stderr).toBe("")
    expect(stdout.match(/^holds: /gm)).toHaveLength(6)
    const [always = 0, ...others] = percentages(stdout).slice(0, 5)
    expect(others).toHaveLength(4)
    expect(Math.min(...others)).toBeGreaterThan(always + 15)
    // With a reviewer that knows nothing, only what learns falls silent.
    const [ofRule = 0, ...ofLearned] = tokens(stdout).slice(-4)
    expect(Math.max(...ofLearned)).toBeLessThan(ofRule - 200)
  })

  it("own-protocol: holds to the interface, and learns which judge to ask", async ({ expect }) => {
    const { stdout, stderr } = await example("own-protocol.ts")
    expect(stderr).toBe("")
    expect(stdout.match(/^holds: /gm)).toHaveLength(8)
    const [, heard, before, unheard] = tokens(stdout)
    expect(heard).toBeGreaterThan(500)
    expect(before).toBeGreaterThan(500)
    expect(unheard).toBeLessThan(300)
    // Both right: 0.36. They differ: 0.48, of which a good judge finds (0.9 + 0.8) / 2.
    expect(percentages(stdout)[1]).toBeGreaterThan(100 * (0.36 + 0.48 * 0.85) - 5)
    expect(percentages(stdout)[1]).toBeLessThan(100 * (0.36 + 0.48 * 0.85) + 5)
  })
})

it("own-grader: holds to the interface, and grades what is written in many ways", async () => {
  const { stdout, stderr } = await example("own-grader.ts")
  expect(stderr).toBe("")
  expect(stdout.match(/^holds: /gm)).toHaveLength(5)
  expect(stdout.match(/^ {2}(?:right|wrong)/gm)).toEqual(["  right", "  right", "  wrong", "  wrong"])
  // With greedy averages nothing is decided yet: the first answer stays, right in 60%.
  expect(percentages(stdout)[0]).toBeGreaterThan(50)
  expect(percentages(stdout)[0]).toBeLessThan(70)
})

it("search-steps: shows a search, and what searches are worth beside one answer", async () => {
  const { stdout, stderr } = await example("search-steps.ts", "12")
  expect(stderr).toBe("")
  expect(stdout).toMatch(/1 think +3\*4\n/)
  expect(stdout).toMatch(/review of turn \d+ +.*Verdict: RIGHT\n/)
  expect(stdout).toContain("answer: 10\n")
  const [one = 100, ...others] = percentages(stdout)
  expect(others).toHaveLength(6)
  expect(Math.min(...others)).toBeGreaterThanOrEqual(one)
})

describe("solve-with-openai", () => {
  it("says what it needs", async () => {
    await expect(example("solve-with-openai.ts")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("BASE_URL MODEL")
    })
  })

  it.live("prints the dialogue that a server holds", () =>
    Effect.gen(function* () {
      const server = yield* chatServer((call) => ({
        say: call === 0 ? "3 * 4 - 2 = 10\nFinal answer: 10" : "Verdict: RIGHT",
        usage: { prompt_tokens: 20, completion_tokens: 10 }
      }))
      const { stdout, stderr } = yield* Effect.promise(() =>
        example("solve-with-openai.ts", server.url, "tiny")
      )
      expect(stderr).toBe("")
      expect(stdout).toContain("ada, proposer (proposal 10):\n3 * 4 - 2 = 10")
      expect(stdout).toContain("bob, reviewer (verdict right)")
      expect(stdout).toContain("ada has nothing to add (keep).")
      expect(stdout).toContain("answer: 10 (2 calls, 60 tokens)")
      expect(server.requests[0]).toMatchObject({ model: "tiny", temperature: 0.7, max_tokens: 1024 })
    })
  )
})

describe("configurations", () => {
  for (const file of readdirSync(path("configs"))) {
    const read: (path: string) => Effect.Effect<unknown, ConfigError> = file.startsWith("bench-")
      ? readBenchmarkConfig
      : readTeamConfig
    it.effect(`${file} is valid`, () => read(path(`configs/${file}`)))
  }

  it.effect(
    "bench-nano.yaml has every protocol, controller and ablation, and each learns what it is there for",
    () =>
      Effect.gen(function* () {
        const plugins = [...corePlugins, ...rolePlugins, ...controllerPlugins]
        const registry = createRegistry(plugins)
        const config = yield* readBenchmarkConfig(path("configs/bench-nano.yaml"))
        const { frame, cells } = yield* planBenchmark(config, registry, "never/made")
        expect(cells).toHaveLength(3 * config.systems.length)
        const learning = (group: string) =>
          frame.systems.filter((system) => system.group === group).map(({ learns }) => learns)
        expect(new Set(learning("protocols"))).toEqual(new Set(["nothing"]))
        expect(new Set(learning("controllers"))).toEqual(new Set(["nothing", "controllers"]))
        for (const group of ["learned", "credit", "ablations"]) {
          expect(new Set(learning(group)), group).toEqual(new Set(["weights"]))
        }
        const used = (kind: "protocol" | "controller") =>
          new Set(
            cells.map(
              ({ team, protocol }) =>
                (kind === "protocol" ? (protocol?.use ?? team.protocol) : team[kind]).use
            )
          )
        expect(used("protocol")).toEqual(new Set(registry.names("protocol")))
        // Its prompt is longer than what the model can read; `fixed` stands at a single seat.
        const others = new Set(["llm-selector", "fixed"])
        expect(used("controller")).toEqual(
          new Set(registry.names("controller").filter((name) => !others.has(name)))
        )
        for (const { name, differs } of frame.systems) expect(differs, name).toEqual([])
      })
  )

  for (const file of ["gsm8k.yaml", "served.yaml"]) {
    it.effect(`${file} states a model and a learner as they can be stated`, () =>
      Effect.gen(function* () {
        const { policies, learner, protocol } = yield* readTeamConfig(path(`configs/${file}`))
        const { use, ...model } = policies.model ?? { use: "" }
        const options = use === "served" ? ServedModelOptions : LocalModelOptions
        expect(yield* Schema.decodeUnknownEffect(options)(model, strict)).toMatchObject({
          model: "models/Qwen2.5-0.5B-Instruct",
          adapter: { kind: "lora", rank: 8, alpha: 16 }
        })
        const { use: _, ...gspo } = learner ?? { use: "" }
        expect(yield* Schema.decodeUnknownEffect(GspoOptions)(gspo, strict)).toMatchObject({ miniBatches: 4 })
        expect(protocol).toEqual({ use: "propose-review", rounds: 3 })
      })
    )
  }

  it.effect("openai.yaml makes a team, and names tasks whose gold answers can be read", () =>
    Effect.gen(function* () {
      const config = yield* readTeamConfig(path("configs/openai.yaml"))
      yield* makeTeam(config, [...corePlugins, ...rolePlugins, ...controllerPlugins])
      for (const file of ["tasks/train.jsonl", "tasks/test.jsonl"]) {
        expect([config.tasks?.train.file, config.tasks?.test?.file]).toContain(`examples/${file}`)
        for (const task of yield* readTasks(path(file))) {
          expect(task.dataset).toBe("gsm8k")
          expect(graderFor(task).gold(task.gold ?? "")).toMatchObject({ kind: "answer" })
        }
      }
    })
  )
})

describe("docs/plugins.md", () => {
  it("shows the controller of own-controller.ts, word for word", () => {
    const page = readFileSync(path("../docs/plugins.md"), "utf8")
    const source = readFileSync(path("own-controller.ts"), "utf8")
    const [, block = ""] = /```ts\n([^`]*const followTheLeader[^`]*)```/.exec(page) ?? []
    const parts = block.split("\n\n").filter((part) => !part.startsWith("import"))
    expect(parts).toHaveLength(3)
    for (const part of parts) expect(source).toContain(part.trim().replace(/^export /, ""))
  })
})

describe("docs/protocols.md", () => {
  it("builds the protocol of own-protocol.ts, word for word", () => {
    const page = readFileSync(path("../docs/protocols.md"), "utf8")
    const source = readFileSync(path("own-protocol.ts"), "utf8")
    const [, block = ""] = /```ts\n([^`]*const secondOpinion[^`]*)```/.exec(page) ?? []
    const parts = block.split("\n\n")
    expect(parts).toHaveLength(3)
    for (const part of parts) expect(source).toContain(part.trim())
  })
})
