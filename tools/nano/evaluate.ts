import { parseArgs } from "node:util"
import { loadBackend, loadChatTokenizer, loadDecoder, makeSampler } from "@tracer-sdk/trainers"
import { Effect } from "effect"
import { evaluateNano, formatReport } from "./evaluation.ts"
import { nanoDirectory } from "./model.ts"

const { values: args } = parseArgs({
  options: {
    model: { type: "string", default: nanoDirectory },
    problems: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false }
  }
})

const help = `Measures the nano model on held-out problems, as it ships.

  --model DIR     default: where the SDK ships it
  --problems N    default 300
  --seed N        of the draws; default 1`

const program = Effect.gen(function* () {
  yield* loadBackend()
  const tokenizer = yield* loadChatTokenizer(args.model)
  const sampler = yield* makeSampler(yield* loadDecoder(args.model))
  const report = yield* evaluateNano(sampler, tokenizer, Number(args.problems), Number(args.seed))
  console.log(formatReport(report))
})

if (args.help) console.log(help)
else await Effect.runPromise(program)
