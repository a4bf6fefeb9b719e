import type { ControllerSnapshot, StoreError } from "@tracer-sdk/core"
import { Result, Schema } from "effect"
import { readSnapshot } from "../snapshot.ts"
import type { Reliability } from "./reliability.ts"

const kind = "bayesian"
const version = 1

const Count = Schema.Int
const Proposals = Schema.Struct({ right: Count, wrong: Count, unreadable: Count })
const Verdicts = Schema.Struct({ right: Count, wrong: Count })
const Kind = Schema.Literals(["proposal", "judgement", "other"])

const State = Schema.Struct({
  proposers: Schema.Array(
    Schema.Struct({
      agent: Schema.String,
      first: Proposals,
      afterRight: Proposals,
      afterWrong: Schema.Struct({ right: Count, same: Count, wrong: Count, unreadable: Count })
    })
  ),
  reviewers: Schema.Array(Schema.Struct({ agent: Schema.String, ofRight: Verdicts, ofWrong: Verdicts })),
  speech: Schema.Array(
    Schema.Struct({ agent: Schema.String, kind: Kind, utterances: Count, unreadable: Count, tokens: Count })
  ),
  actions: Schema.Array(Schema.Struct({ seat: Schema.String, action: Schema.String, kind: Kind }))
})

/** All counts as plain JSON. */
export const snapshotOf = ({ proposers, reviewers, speech, actions }: Reliability): ControllerSnapshot => ({
  kind,
  version,
  state: {
    proposers: [...proposers].map(([agent, { first, afterRight, afterWrong }]) => ({
      agent,
      first: { ...first },
      afterRight: { ...afterRight },
      afterWrong: { ...afterWrong }
    })),
    reviewers: [...reviewers].map(([agent, { ofRight, ofWrong }]) => ({
      agent,
      ofRight: { ...ofRight },
      ofWrong: { ...ofWrong }
    })),
    speech: [...speech].flatMap(([agent, kinds]) =>
      [...kinds].map(([of, counts]) => ({ agent, kind: of, ...counts }))
    ),
    actions: [...actions].flatMap(([seat, kinds]) =>
      [...kinds].map(([action, said]) => ({ seat, action, kind: said }))
    )
  }
})

/** The counts of a snapshot; fails where it is another controller's, of another version, or damaged. */
export const reliabilityOf = (snapshot: ControllerSnapshot): Result.Result<Reliability, StoreError> =>
  Result.map(readSnapshot(snapshot, { kind, version, state: State }), (state) => {
    const speech: Reliability["speech"] = new Map()
    for (const { agent, kind: of, ...counts } of state.speech) {
      speech.set(agent, (speech.get(agent) ?? new Map()).set(of, { ...counts }))
    }
    const actions: Reliability["actions"] = new Map()
    for (const { seat, action, kind: said } of state.actions) {
      actions.set(seat, (actions.get(seat) ?? new Map()).set(action, said))
    }
    return {
      proposers: new Map(
        state.proposers.map(({ agent, first, afterRight, afterWrong }) => [
          agent,
          { first: { ...first }, afterRight: { ...afterRight }, afterWrong: { ...afterWrong } }
        ])
      ),
      reviewers: new Map(
        state.reviewers.map(({ agent, ofRight, ofWrong }) => [
          agent,
          { ofRight: { ...ofRight }, ofWrong: { ...ofWrong } }
        ])
      ),
      speech,
      actions
    }
  })
