/**
 * Completion tokens per second of the sampler, beside transformers' generate in the same run:
 * `npm run bench -- sampler --python /path/to/python`. Without `--python` (a Python with torch and transformers) the comparison is
 * left out. Each contestant has a process of its own, and they take turns.
 */
import { join } from "node:path"
import { compete, contestant } from "./peers/contestant.ts"
import { benchOptions } from "./peers/options.ts"
import { small as model } from "./shapes.ts"

const { python, threads } = benchOptions()
const peer = "transformers"

interface Load {
  readonly requests: number
  readonly prompt: number
  readonly tokens: number
}

async function measure({ requests, prompt, tokens }: Load): Promise<void> {
  const sizes = [requests, prompt, tokens].map(String)
  const ours = (name: string, adapter: "plain" | "lora", count: number) =>
    contestant(name, process.execPath, [
      join(import.meta.dirname, "draws.ts"),
      ...[...sizes, adapter, String(count)]
    ])
  const started = [
    python === undefined
      ? undefined
      : await contestant(peer, python, [
          join(import.meta.dirname, "peers", "generate.py"),
          JSON.stringify(model),
          ...sizes,
          String(threads)
        ]),
    await ours("sampler", "plain", 1),
    await ours("with LoRA 8", "lora", 1),
    await ours("helped", "plain", threads),
    await ours("helped, LoRA", "lora", threads)
  ]
  const contestants = started.filter((one) => one !== undefined)
  const medians = await compete(contestants, { rounds: 6, each: 2 })
  // One token after a long prompt shows how fast prompts are read.
  const counted = tokens === 1 ? requests * prompt : requests * tokens
  const unit = tokens === 1 ? "prompt tokens/s" : "tokens/s"
  const peerTime = medians.get(peer)
  console.log(`${requests} x ${tokens} tokens after prompts of ${prompt}`)
  for (const { name, detail, stop } of contestants) {
    const milliseconds = medians.get(name) ?? Number.NaN
    const ratio = peerTime === undefined ? "" : `${(peerTime / milliseconds).toFixed(2)} x`
    const speed = Math.round((1000 * counted) / milliseconds)
    console.log(`  ${name.padEnd(12)} ${String(speed).padStart(6)} ${unit} ${ratio.padStart(8)}  ${detail}`)
    stop()
  }
}

console.log(`a decoder of ${model.layers} layers of ${model.hiddenSize}, vocabulary ${model.vocabularySize}`)
if (python === undefined) console.log(`${peer}: skipped, give --python PATH`)
await measure({ requests: 8, prompt: 16, tokens: 64 })
await measure({ requests: 32, prompt: 16, tokens: 64 })
await measure({ requests: 16, prompt: 400, tokens: 1 })
