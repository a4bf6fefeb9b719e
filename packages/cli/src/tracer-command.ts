import type { AnyPlugin } from "@tracer-sdk/core"
import { Command } from "effect/cli"
import { auditCommand } from "./commands/audit.ts"
import { benchCommand } from "./commands/bench.ts"
import { dataCommand } from "./commands/data.ts"
import { doctorCommand } from "./commands/doctor.ts"
import { evalCommand } from "./commands/eval.ts"
import { exportCommand } from "./commands/export.ts"
import { inspectCommand } from "./commands/inspect.ts"
import { mergeCommand } from "./commands/merge.ts"
import { paragraph } from "./commands/paragraph.ts"
import { reportCommand } from "./commands/report.ts"
import { solveCommand } from "./commands/solve.ts"
import { trainCommand } from "./commands/train.ts"

/** The `tracer` command over a set of plug-ins. */
export const tracerCommand = (plugins: ReadonlyArray<AnyPlugin>) =>
  Command.make("tracer").pipe(
    Command.withDescription(
      paragraph(
        "Language models that learn to collaborate: when to speak by regret matching, what to say by GSPO. Train a team from a configuration file, then measure it, put questions to it, and look at what it learned. Exit codes: 0 success, 1 failure, 2 wrong usage or configuration, 130 stopped by Ctrl-C."
      )
    ),
    Command.withSubcommands([
      trainCommand(plugins),
      benchCommand(plugins),
      evalCommand(plugins),
      solveCommand(plugins),
      inspectCommand(plugins),
      auditCommand(plugins),
      exportCommand(plugins),
      reportCommand,
      dataCommand,
      mergeCommand,
      doctorCommand
    ]),
    Command.withExamples([
      { command: "tracer train --config team.yaml --out runs/first", description: "Let a team learn" },
      {
        command:
          'tracer solve --run runs/first "Mia has 3 bags with 4 apples each and loses 2. How many apples are left?"',
        description: "Ask it something"
      },
      { command: "tracer train --help", description: "What a subcommand does, and all its flags" }
    ])
  )
