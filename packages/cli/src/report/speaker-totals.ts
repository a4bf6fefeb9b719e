import type { Interval, SpeakerAudit } from "@tracer-sdk/core"

const sum = (audits: ReadonlyArray<SpeakerAudit>, value: (audit: SpeakerAudit) => number): number =>
  audits.reduce((total, audit) => total + value(audit), 0)

const weighed = (
  audits: ReadonlyArray<SpeakerAudit>,
  weight: (audit: SpeakerAudit) => number,
  value: (audit: SpeakerAudit) => number
): number => {
  const total = sum(audits, weight)
  return total === 0 ? 0 : sum(audits, (audit) => weight(audit) * value(audit)) / total
}

/** The mean over seeds by dialogues; the interval holds those of all seeds, for they are on the same tasks. */
const contributionOf = (audits: ReadonlyArray<SpeakerAudit>): Interval => ({
  mean: weighed(
    audits,
    ({ dialogues }) => dialogues,
    ({ contribution }) => contribution.mean
  ),
  low: Math.min(...audits.map(({ contribution }) => contribution.low)),
  high: Math.max(...audits.map(({ contribution }) => contribution.high))
})

/** Audits of several seeds as one for each speaker, in the order in which the speakers appear. */
export const speakerTotals = (audits: ReadonlyArray<SpeakerAudit>): ReadonlyArray<SpeakerAudit> =>
  [...Map.groupBy(audits, ({ agent, seat, role }) => JSON.stringify([agent, seat, role])).values()].flatMap(
    (own) => {
      const [first] = own
      if (first === undefined) return []
      return [
        {
          agent: first.agent,
          seat: first.seat,
          role: first.role,
          dialogues: sum(own, ({ dialogues }) => dialogues),
          spoke: sum(own, ({ spoke }) => spoke),
          silent: sum(own, ({ silent }) => silent),
          tokens: sum(own, ({ tokens }) => tokens),
          contribution: contributionOf(own),
          freeRiding: weighed(
            own,
            ({ spoke }) => spoke,
            ({ freeRiding }) => freeRiding
          ),
          harmful: sum(own, ({ harmful }) => harmful),
          helpful: sum(own, ({ helpful }) => helpful),
          contradictions: sum(own, ({ contradictions }) => contradictions),
          emptyAgreement: sum(own, ({ emptyAgreement }) => emptyAgreement)
        }
      ]
    }
  )
