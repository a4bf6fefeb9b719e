import { Effect } from "effect"
import type { Completion, GenerateRequest, Policy } from "../../policy.ts"
import { beforeStop } from "../../stop-strings.ts"
import { type ConformanceCheck, demand, demandSame, requirement } from "./check.ts"

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0

const demandCompletion = ({ text, usage, finish, tokens }: Completion): void => {
  demand(typeof text === "string", "A completion has no text.")
  demand(isCount(usage.prompt) && isCount(usage.completion), `Usage is ${JSON.stringify(usage)}.`)
  demand(finish === "stop" || finish === "length", `A completion finished by "${finish}".`)
  if (tokens === undefined) return
  const { ids, logProbabilities } = tokens
  demand(
    ids.length === logProbabilities.length && ids.length === usage.completion,
    `${ids.length} token ids, ${logProbabilities.length} log-probabilities and ${usage.completion} tokens used.`
  )
  demand([...ids, ...tokens.prompt].every(isCount), "A token id is no count.")
  demand(
    logProbabilities.every((logProbability) => logProbability <= 1e-6 && Number.isFinite(logProbability)),
    "A log-probability is positive or not finite."
  )
}

/** What every policy has to do when it is asked `request`; `deterministic: false` where a seed decides nothing. */
export const policyConformance = (
  policy: Policy,
  request: GenerateRequest,
  { deterministic = true }: { readonly deterministic?: boolean } = {}
): ReadonlyArray<ConformanceCheck> => {
  const ask = (samples: number) => Effect.runPromise(policy.generate({ ...request, samples }))
  return [
    requirement("gives exactly as many completions as were asked for", async () => {
      for (const samples of [1, 4]) {
        const { length } = await ask(samples)
        demand(length === samples, `${length} completions where ${samples} were asked for.`)
      }
    }),
    requirement("counts its tokens, and scores each of those it records", async () => {
      for (const completion of await ask(2)) demandCompletion(completion)
    }),
    requirement("serves several calls at once", async () => {
      const all = await Promise.all([ask(1), ask(2), ask(1)])
      demandSame(
        all.map(({ length }) => length),
        [1, 2, 1],
        "Completions by call"
      )
    }),
    requirement("tells the texts that it then gives, if it tells any while it speaks", async () => {
      const told = ["", ""]
      const onText = (sample: number, text: string): void => {
        told[sample] = `${told[sample] ?? ""}${text}`
      }
      const given = await Effect.runPromise(policy.generate({ ...request, samples: 2, onText }))
      if (told.some((text) => text !== "")) {
        demandSame(
          told,
          given.map(({ text }) => text),
          "What was told"
        )
      }
    }),
    ...(deterministic
      ? [
          requirement("ends where it says a stop string, and leaves it out", async () => {
            const [whole] = await ask(1)
            const text = whole?.text ?? ""
            const string = text.slice(Math.floor(text.length / 2), Math.floor(text.length / 2) + 2)
            if (string === "") return
            const stopped = { ...request, samples: 1, sampling: { ...request.sampling, stop: [string] } }
            const [short] = await Effect.runPromise(policy.generate(stopped))
            demandSame(short?.text, beforeStop(text, [string]), `The text with the stop string "${string}"`)
            demand(short?.finish === "stop", `A stopped completion finished by "${short?.finish}".`)
          }),
          requirement("gives the same completions for the same request", async () => {
            demandSame(await ask(2), await ask(2), "A second answer")
          }),
          requirement(
            "gives the same completions whoever asks, where it says that it is repeatable",
            async () => {
              if (policy.repeatable !== true) return
              const other = { ...request, samples: 2, agent: "another", role: "another" }
              demandSame(await Effect.runPromise(policy.generate(other)), await ask(2), "Another's answer")
            }
          )
        ]
      : [])
  ]
}
