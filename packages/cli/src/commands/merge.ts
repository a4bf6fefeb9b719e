import { existsSync } from "node:fs"
import { join } from "node:path"
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { type RunAdapter, runAdapters } from "../run-adapters.ts"
import { requireTeam } from "../run-folder.ts"
import { UsageError } from "../usage-error.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"

const speaker = Flag.String("speaker").pipe(
  Flag.withMetavar("AGENT.ROLE"),
  Flag.withDescription("Whose adapter, as in ada.proposer; need not be said where the run has only one"),
  Flag.optional
)

const out = flags.folder("out", "New folder for the merged model")

const type = Flag.Literals("type", ["float32", "bfloat16", "float16"]).pipe(
  Flag.withDescription("Number format of the weights; by default the base model's"),
  Flag.optional
)

const choose = (
  adapters: ReadonlyArray<RunAdapter>,
  asked: Option.Option<string>
): Effect.Effect<RunAdapter, UsageError> => {
  const known = adapters.map(({ name }) => name).join(", ")
  const chosen = Option.isSome(asked)
    ? adapters.find(({ name }) => name === asked.value)
    : adapters.length === 1
      ? adapters[0]
      : undefined
  if (chosen !== undefined) return Effect.succeed(chosen)
  return new UsageError({
    message: Option.isSome(asked)
      ? `--speaker: the run has no adapter "${asked.value}".`
      : `--speaker is missing: the run has ${adapters.length} adapters.`,
    hint: `Name one of ${known}.`
  })
}

interface Arguments {
  readonly run: string
  readonly speaker: Option.Option<string>
  readonly out: string
  readonly type: Option.Option<"float32" | "bfloat16" | "float16">
}

const merge = Effect.fnUntraced(function* (given: Arguments) {
  yield* requireTeam(given.run)
  if (existsSync(join(given.out, "config.json"))) {
    return yield* new UsageError({
      message: `--out: ${given.out} holds a model already.`,
      hint: "Choose another folder, or remove this one."
    })
  }
  const { name, model, directory } = yield* choose(yield* runAdapters(given.run), given.speaker)
  const { mergeAdapter, nanoModelDirectory } = yield* Effect.promise(() => import("@tracer-sdk/trainers"))
  yield* Console.error(`Merging ${name} into ${model} ...`)
  yield* mergeAdapter(
    model === "nano" ? nanoModelDirectory : model,
    directory,
    given.out,
    Option.match(given.type, { onNone: () => ({}), onSome: (chosen) => ({ type: chosen }) })
  )
  yield* Console.log(
    `${given.out} is a model of its own, in Hugging Face's layout: serve it with vLLM or transformers as it is, with llama.cpp after conversion to GGUF.`
  )
})

/** `tracer merge`: writes a run's base model with one speaker's adapter merged in. */
export const mergeCommand = Command.make(
  "merge",
  { run: flags.run, speaker, out, type },
  handler(merge)
).pipe(
  Command.withShortDescription("Write what a speaker learned as a model of its own"),
  Command.withDescription(
    paragraph(
      "Merges the adapter that an agent learned in a role into the base model, and writes the result as a model directory in Hugging Face's layout, with the tokenizer and the chat template. Neither the run nor the base model changes."
    )
  ),
  Command.withExamples([
    {
      command: "tracer merge --run runs/first --speaker ada.proposer --out models/proposer",
      description: "The proposer of a run, to be served anywhere"
    }
  ])
)
