import type { Message } from "../role.ts"

/** A spoken turn of a dialogue with every utterance drawn for it, and what each earned. */
export interface CreditedTurn {
  readonly episode: number
  readonly task: string
  readonly question: string
  readonly round: number
  readonly agent: string
  readonly seat: string
  readonly role: string
  /** What the model was asked; absent in logs of releases that did not keep it. */
  readonly prompt?: ReadonlyArray<Message>
  /** The first went on with the dialogue. */
  readonly texts: ReadonlyArray<string>
  /** One for each text. */
  readonly rewards: ReadonlyArray<number>
}

/** Which credited turns to keep; what is not said keeps all. */
export interface TurnFilter {
  readonly agent?: string
  readonly role?: string
}

/** Whether a filter keeps a turn. */
export const isKept = ({ agent, role }: Pick<CreditedTurn, "agent" | "role">, filter: TurnFilter): boolean =>
  (filter.agent === undefined || filter.agent === agent) &&
  (filter.role === undefined || filter.role === role)
