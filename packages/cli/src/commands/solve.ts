import { type AnyPlugin, loadTeam, type TracerEvent } from "@tracer-sdk/core"
import { Console, Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { learnedOn } from "../learned-on.ts"
import { liveUtterance } from "../progress/live-utterance.ts"
import { standardError } from "../progress/show-progress.ts"
import { dialogueRenderer } from "../render/dialogue.ts"
import { requireTeam } from "../run-folder.ts"
import { terminalLook } from "../terminal/terminal.ts"
import { UsageError } from "../usage-error.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"
import { seedOption } from "./seed-option.ts"

const question = Argument.String("question").pipe(
  Argument.withDescription("The question, in quotes so that the shell keeps it together")
)

const sample = Flag.Boolean("sample").pipe(
  Flag.withoutNegation,
  Flag.withDescription("Draw from the learned strategies, in place of their likeliest actions"),
  Flag.withDefault(false)
)

const gold = Flag.String("gold").pipe(
  Flag.withMetavar("ANSWER"),
  Flag.withDescription("The right answer, where you know it: the answer given is then judged"),
  Flag.optional
)

interface Arguments {
  readonly run: string
  readonly question: string
  readonly dataset: Option.Option<string>
  readonly gold: Option.Option<string>
  readonly seed: Option.Option<number>
  readonly sample: boolean
  readonly json: boolean
}

/** `tracer solve`: puts one question to a saved team and shows the dialogue as it happens. */
export const solveCommand = (plugins: ReadonlyArray<AnyPlugin>) =>
  Command.make(
    "solve",
    { run: flags.run, question, dataset: flags.dataset, gold, seed: flags.seed, sample, json: flags.json },
    handler(
      Effect.fnUntraced(function* (given: Arguments) {
        const { style, redraws } = yield* terminalLook
        if (given.question.trim() === "") {
          return yield* new UsageError({
            message: "The question is empty.",
            hint: 'Put it in quotes after the flags: tracer solve --run DIR "What is 2 + 2?"'
          })
        }
        yield* requireTeam(given.run)
        const screen = yield* Console.Console
        const render = dialogueRenderer(style)
        const events: Array<TracerEvent> = []
        const live = !given.json && redraws
        const showLive = live ? liveUtterance(standardError(redraws)) : () => {}
        const emit = (event: TracerEvent) => {
          showLive(event)
          if (given.json) events.push(event)
          else for (const line of render(event)) screen.log(line)
        }
        const episode = yield* Effect.scoped(
          Effect.flatMap(loadTeam(given.run, plugins), (team) => {
            const dataset = Option.getOrElse(given.dataset, () => learnedOn(team.config))
            const task = {
              id: "question",
              question: given.question,
              ...(dataset === undefined ? {} : { dataset }),
              ...Option.match(given.gold, { onNone: () => ({}), onSome: (answer) => ({ gold: answer }) })
            }
            return team.solve(task, {
              ...seedOption(given.seed),
              selection: given.sample ? "sample" : "greedy",
              deltas: live,
              emit
            })
          })
        )
        if (!given.json) return
        const { answer, correct, calls, promptTokens, completionTokens } = episode
        yield* Console.log(
          JSON.stringify(
            { answer: answer?.canonical ?? null, correct, calls, promptTokens, completionTokens, events },
            null,
            2
          )
        )
      })
    )
  ).pipe(
    Command.withShortDescription("Put a question to a saved team"),
    Command.withDescription(
      paragraph(
        "Puts one question to a saved team and prints the dialogue while it happens: who spoke and who stayed silent, how likely each was by what the controllers learned, what was said and how it was read, then the answer with its tokens and calls."
      )
    ),
    Command.withExamples([
      {
        command:
          'tracer solve --run runs/first "Mia has 3 bags with 4 apples each and loses 2. How many apples are left?"',
        description: "Watch the team work on a question"
      },
      {
        command:
          'tracer solve --run runs/first --sample --seed 7 "Mia has 3 bags with 4 apples each and loses 2. How many apples are left?"',
        description: "Another dialogue, drawn from the learned strategies"
      }
    ])
  )
