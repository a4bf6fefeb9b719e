import type { LearnedState, RunSummary, TeamFile, TracerEvent } from "@tracer-sdk/core"
import { renderCurve } from "./chart.ts"
import { type RunFile, renderFiles } from "./files.ts"
import { byController, describeLearned } from "./learned.ts"
import { counted, fixed } from "./number.ts"
import { commandLine } from "./shell.ts"
import type { Style } from "./style.ts"
import { page } from "./summary.ts"
import { layOut } from "./table.ts"
import { indented, printable } from "./text.ts"

/** How regret went in training, as it was measured after each batch. */
export type RegretPoint = Extract<TracerEvent, { readonly type: "regret-measured" }>

/** How far the joint play of training was from equilibrium, at its latest measurement. */
export type EquilibriumPoint = Extract<TracerEvent, { readonly type: "equilibrium-measured" }>

/** Everything that `tracer inspect` shows of a run's folder. */
export interface Inspection {
  readonly directory: string
  readonly team: TeamFile
  readonly learned: ReadonlyArray<LearnedState>
  readonly curve: RunSummary["curve"]
  readonly regret: ReadonlyArray<RegretPoint>
  /** Absent where nothing was decided yet. */
  readonly equilibrium: EquilibriumPoint | undefined
  readonly finished: boolean
  readonly files: ReadonlyArray<RunFile>
}

const configLines = ({ config }: TeamFile): ReadonlyArray<string> => {
  const uses = (named: Readonly<Record<string, { readonly use: string }>>) =>
    Object.entries(named)
      .map(([name, { use }]) => (name === use ? name : `${name} (${use})`))
      .join(", ")
  const rows: ReadonlyArray<readonly [string, string]> = [
    ["agents", config.agents.map(({ name, policy }) => `${name} through ${policy}`).join(", ")],
    ["policies", uses(config.policies)],
    ["protocol", config.protocol.use],
    ["roles", uses(config.roles) || "the protocol's own"],
    ["controller", config.controller.use],
    ["credit", config.credit.use],
    ["learner", config.learner?.use ?? "none: only the controllers learn"],
    ["tasks", config.tasks === undefined ? "none" : `${config.tasks.train.use}`]
  ]
  return rows.flatMap(([name, value]) => indented(`${`${name}:`.padEnd(12)}${printable(value)}`, 2, 12))
}

const progressLine = ({ directory, team, finished }: Inspection): string => {
  const { progress } = team
  if (finished)
    return `Training is finished${progress === undefined ? "" : ` (${progress.batches} batches)`}.`
  if (progress === undefined) return "Saved by a program, not by a training run."
  return `Training has done ${progress.batchesDone} of ${progress.batches} batches; go on with: ${commandLine(["tracer", "train", "--config", "FILE", "--out", directory])}`
}

const regretTable = (states: ReadonlyArray<LearnedState>, style: Style): ReadonlyArray<string> => {
  const table = layOut(
    [
      { heading: ["information state"], align: "left", most: 46 },
      { heading: ["visits"], align: "right" },
      { heading: ["average", "regret"], align: "right" },
      { heading: ["", "bound"], align: "right" },
      { heading: [""], align: "left" }
    ],
    byController(states).flatMap(([controller, own]) => [
      { section: printable(controller) },
      ...own.map((state) => [
        `  ${printable(state.info)}`,
        state.visits.toLocaleString("en"),
        fixed(state.averageRegret, 4),
        fixed(state.bound, 4),
        !state.invariantHolds
          ? style.bad("the invariant is broken")
          : state.averageRegret <= state.bound
            ? style.good("within")
            : style.bad("beyond the bound")
      ])
    ])
  )
  return [...table.heading.map(style.faint), ...table.rows]
}

const equilibriumLines = ({ dialogues, correlated, coarse }: EquilibriumPoint): ReadonlyArray<string> => [
  ...indented(
    `In ${counted(dialogues, "training dialogue")}, no seat would have gained more than ${fixed(correlated, 4)} a dialogue by playing one action wherever it played another in some state (correlated gap), nor more than ${fixed(coarse, 4)} by always playing one there (coarse gap).`,
    2
  ),
  ...indented("By measured values, the others' play held to how it was; exploration counts.", 2)
]

const strategies = (states: ReadonlyArray<LearnedState>, style: Style): ReadonlyArray<string> =>
  byController(states).flatMap(([controller, own]) => [
    `  ${style.faint(printable(controller))}`,
    ...own.flatMap((state) => indented(describeLearned(state), 4, 2))
  ])

/** A run's folder for a person: configuration in brief, progress, strategies, regret, learning curve and files. */
export const renderInspection = (inspection: Inspection, style: Style): string => {
  const { team, learned, curve, equilibrium, directory, files } = inspection
  const { config } = team
  return page([
    [
      style.strong(`${printable(config.name)}, seed ${config.seed}`),
      ...indented(progressLine(inspection), 0),
      ...configLines(team)
    ],
    learned.length === 0
      ? [`Its controllers (${printable(config.controller.use)}) do not measure what they learn.`]
      : [style.strong("What the controllers learned"), ...strategies(learned, style)],
    learned.length === 0
      ? []
      : [
          style.strong("Regret against its bound"),
          ...regretTable(learned, style),
          style.faint(
            "bound: range of the values seen / sqrt(visits), times sqrt(actions) where there are more than two"
          )
        ],
    equilibrium === undefined
      ? []
      : [style.strong("How far joint play was from equilibrium"), ...equilibriumLines(equilibrium)],
    curve.length === 0 ? [] : [style.strong("Learning curve"), ...renderCurve(curve, style)],
    renderFiles(directory, files, style)
  ])
}
