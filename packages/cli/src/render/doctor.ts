import type { DoctorReport, Finding } from "@tracer-sdk/trainers"
import { fixed } from "./number.ts"
import type { Style } from "./style.ts"
import { indented, pad, printable } from "./text.ts"

const nameWidth = 12

const whole = (value: number): string => Math.round(value).toLocaleString("en")

const time = (milliseconds: number): string =>
  milliseconds < 9_950 ? `${whole(milliseconds)} ms` : `${fixed(milliseconds / 1000, 1)} s`

const below = (text: string): ReadonlyArray<string> => indented(printable(text), 2 + nameWidth)

/** What was found about a backend or the sampler; `unit` is what its time is that of. */
const section = (finding: Finding, unit: string, style: Style): ReadonlyArray<string> => {
  const name = style.strong(pad(finding.name, nameWidth, "left"))
  if (!finding.usable) {
    const state = finding.loads ? "loads, then fails" : "does not work here"
    return [
      `  ${name}${style.bad(state)}`,
      ...below(finding.reason),
      ...below(`to get it: ${finding.remedy}`)
    ]
  }
  const { firstMilliseconds, milliseconds, tokensPerSecond } = finding.speed
  return [
    `  ${name}${style.good("works")}`,
    ...below(finding.detail),
    ...below(
      `${unit}: ${time(milliseconds)}, ${whole(tokensPerSecond)} tokens/s (the first took ${time(firstMilliseconds)})`
    ),
    ...below(`memory: ${finding.memory}`),
    ...(finding.note === undefined ? [] : below(`note: ${finding.note}`))
  ]
}

const advice = ({ auto, fastest, backends }: DoctorReport, style: Style): ReadonlyArray<string> => {
  if (auto === null || fastest === null) return [style.bad("No backend works here.")]
  if (!backends.some(({ name, usable }) => usable && name === auto)) {
    const fails = `A policy with backend: auto, the default, would take ${auto} here, which fails.`
    return [style.bad(fails), `Set its backend to ${style.strong(fastest)}.`]
  }
  const takes = `A policy with backend: auto, the default, takes ${style.strong(auto)} here.`
  if (fastest === auto) return [takes]
  const otherwise = `The step timed here was faster with backend: ${fastest}. For larger models it may be otherwise.`
  return [takes, ...indented(otherwise, 0)]
}

/** A report of the doctor for a person. */
export const renderDoctor = (report: DoctorReport, style: Style): string => {
  const { node, system, processor, threads, memoryBytes } = report.machine
  return [
    ...indented(
      `Node ${node} on ${system}, ${printable(processor)}, ${threads} threads, ${fixed(memoryBytes / 2 ** 30, 1)} GiB of memory`,
      0
    ),
    "",
    style.strong("Backends for training, in the order in which auto tries them"),
    ...report.backends.flatMap((finding) => section(finding, "a training step", style)),
    "",
    style.strong("Sampling"),
    ...section(report.sampler, "8 completions of 32 tokens", style),
    "",
    ...advice(report, style),
    ...indented(
      "A training step is one of GSPO with LoRA on a random decoder of 2 layers and width 128, with 96 tokens: good to compare backends, not to foretell a large model's time.",
      0
    ).map(style.faint)
  ].join("\n")
}
