import { ConfigError } from "../../errors.ts"
import type { Board, Proposal } from "./board.ts"

const judgedIn = <M>(proposal: Proposal, index: number, branches: ReadonlyArray<Board<M>>): Proposal => {
  let { right, wrong, scores } = proposal
  for (const { proposals } of branches) {
    const after = proposals[index]
    if (after === undefined || after === proposal) continue
    right += after.right - proposal.right
    wrong += after.wrong - proposal.wrong
    scores = [...scores, ...after.scores.slice(proposal.scores.length)]
  }
  return { ...proposal, right, wrong, scores }
}

/** The memory that a branch has changed; two changes contradict each other. */
const memoryOf = <M>(before: Board<M>, branches: ReadonlyArray<Board<M>>): M => {
  const changed = branches.filter(({ memory }) => memory !== before.memory)
  if (changed.length < 2) return (changed[0] ?? before).memory
  throw new ConfigError({
    path: "protocol",
    message: `${changed.length} parallel parts change the protocol's memory.`,
    hint: "Change it after them, in a perform(...) that reads the transcript or the proposals."
  })
}

/** The board after parallel parts: what each of them added, as if they had come one after the other. */
export const join = <M>(before: Board<M>, branches: ReadonlyArray<Board<M>>): Board<M> => {
  const known = before.proposals.length
  const transcript = [...before.transcript]
  const proposals = before.proposals.map((proposal, i) => judgedIn(proposal, i, branches))
  let { pending } = before
  for (const branch of branches) {
    if (branch.pending !== undefined && branch.pending !== before.pending) {
      pending = branch.pending < known ? branch.pending : branch.pending - known + proposals.length
    }
    transcript.push(...branch.transcript.slice(before.transcript.length))
    proposals.push(...branch.proposals.slice(known))
  }
  return { task: before.task, transcript, proposals, pending, memory: memoryOf(before, branches) }
}
