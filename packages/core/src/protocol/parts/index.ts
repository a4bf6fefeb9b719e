export {
  type Board,
  type Change,
  judgedBy,
  lastProposals,
  meanScore,
  type Proposal,
  pendingOf,
  votesOn,
  withPending
} from "./board.ts"
export { type Faction, factionsOf, factionsOnBoard } from "./factions.ts"
export {
  alternate,
  choose,
  type OnceOptions,
  once,
  type Part,
  type PartAt,
  parallel,
  perform,
  put,
  rounds,
  seatAt,
  sequence,
  silence,
  until,
  voteInfo,
  when
} from "./part.ts"
export { type DialogueState, type ProtocolParts, protocolOf } from "./protocol-of.ts"
export { type Move, propose, review, say, stay } from "./spoken-move.ts"
export { best, type VoteOptions, vote } from "./vote.ts"
