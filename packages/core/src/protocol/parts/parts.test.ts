import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Act, Protocol } from "../../protocol.ts"
import { protocolConformance } from "../../testing/index.ts"
import type { Reading } from "../../transcript.ts"
import {
  alternate,
  type Board,
  choose,
  type DialogueState,
  meanScore,
  once,
  type Part,
  parallel,
  pendingOf,
  perform,
  propose,
  protocolOf,
  put,
  review,
  rounds,
  say,
  seatAt,
  sequence,
  silence,
  stay,
  until,
  vote,
  votesOn,
  when
} from "./index.ts"

const task = { id: "t", question: "What is 2 + 3?", gold: "5" }
const ann = seatAt("ann", "proposer")
const bob = seatAt("bob", "proposer")
const cem = seatAt("cem", "reviewer")

const spoken = (action: string, text: string, reading: Reading): Act => ({
  action,
  utterance: { text, reading }
})
const answer = (text: string, canonical = text) =>
  spoken("propose", text, { kind: "proposal", answer: { text, canonical } })
const mumble = spoken("propose", "?", { kind: "unreadable", expected: "proposal", reason: "no number" })
const right = spoken("review", "RIGHT", { kind: "verdict", verdict: "right" })
const wrong = spoken("review", "WRONG", { kind: "verdict", verdict: "wrong" })
const score = (value: number) => spoken("review", String(value), { kind: "score", score: value })
const silent = (action: string): Act => ({ action })

const of = (play: Part) => protocolOf({ name: "test", play })

/** Plays acts one turn at a time, each by who it falls to, and shows the turns as `round agent`. */
const playActs = <M>(protocol: Protocol<DialogueState<M>>, acts: ReadonlyArray<Act>, episode = 0) => {
  let state = protocol.start(task, episode)
  const turns: Array<string> = []
  const groups: Array<number> = []
  for (const act of acts) {
    const turn = protocol.turn(state)
    if (turn?.kind !== "seat") throw new Error("the dialogue is over")
    turns.push(`${turn.round} ${turn.seat.agent}`)
    groups.push(protocol.together?.(state).length ?? 1)
    state = protocol.apply(state, turn, act)
  }
  return {
    state,
    turns,
    groups,
    over: protocol.turn(state) === undefined,
    answer: protocol.answer(state)?.text
  }
}

const proposing = once(ann, [propose()])
const reviewing = once(cem, [stay("skip"), review()], { fallback: "review" })

describe("parts", () => {
  it("come one after the other, each turn with a number by its place", () => {
    const played = playActs(of(sequence(proposing, reviewing, proposing)), [answer("4"), wrong, answer("5")])
    expect(played).toMatchObject({ turns: ["1 ann", "2 cem", "3 ann"], over: true, answer: "5" })
    expect(played.state.board.transcript).toEqual([
      {
        ...{ round: 1, agent: "ann", seat: "proposer", action: "propose", role: "proposer", text: "4" },
        reading: { kind: "proposal", answer: { text: "4", canonical: "4" } }
      },
      {
        ...{ round: 2, agent: "cem", seat: "reviewer", action: "review", role: "reviewer", text: "WRONG" },
        reading: { kind: "verdict", verdict: "wrong" },
        about: 1
      },
      {
        ...{ round: 3, agent: "ann", seat: "proposer", action: "propose", role: "proposer", text: "5" },
        reading: { kind: "proposal", answer: { text: "5", canonical: "5" } }
      }
    ])
  })

  it("repeat and alternate, and may differ by their index", () => {
    const seats = [ann, bob]
    const inTurn = rounds(3, (i) => once(seats[i % 2] ?? ann, [propose()]))
    expect(playActs(of(inTurn), [answer("1"), answer("2"), answer("3")]).turns).toEqual([
      "1 ann",
      "2 bob",
      "3 ann"
    ])
    const both = playActs(of(alternate(3, proposing, reviewing)), [answer("1"), right, answer("2")])
    expect(both).toMatchObject({ turns: ["1 ann", "2 cem", "3 ann"], over: true })
  })

  it("end as soon as a condition holds, before any of their turns", () => {
    const votes = (board: Board) => votesOn(pendingOf(board))
    const approved = (board: Board) => votes(board) >= 1
    const protocol = of(
      sequence(until(approved, rounds(5, sequence(proposing, reviewing))), once(bob, [stay("bye")]))
    )
    const early = playActs(protocol, [answer("4"), wrong, answer("5"), right, silent("bye")])
    expect(early).toMatchObject({ turns: ["1 ann", "2 cem", "3 ann", "4 cem", "11 bob"], over: true })
    const never = playActs(protocol, [
      ...Array(5)
        .fill([answer("4"), wrong])
        .flat(),
      silent("bye")
    ])
    expect(never).toMatchObject({ over: true })
    // The inner condition ends the inner part alone, the outer one both.
    const talk = (name: string) => once(ann, [say("talker", name)])
    const length = (n: number) => (board: Board) => board.transcript.length >= n
    const nested = of(
      until(length(3), rounds(3, sequence(until(length(1), rounds(2, talk("in"))), talk("out"))))
    )
    const comment = (action: string) => spoken(action, "hm", { kind: "comment" })
    expect(playActs(nested, [comment("in"), comment("out"), comment("out")])).toMatchObject({
      turns: ["1 ann", "3 ann", "6 ann"],
      over: true
    })
  })

  it("choose by the board as it is when their turn comes, once", () => {
    const protocol = of(
      sequence(
        proposing,
        choose(
          ({ transcript }) => transcript.length - 1,
          once(bob, [stay("first")]),
          once(cem, [stay("second")])
        ),
        when(({ transcript }) => transcript.length === 2, once(ann, [stay("third")])),
        when(({ transcript }) => transcript.length === 2, once(ann, [stay("never")])),
        choose(() => 7, once(ann, [stay("none")]))
      )
    )
    const played = playActs(protocol, [answer("4"), silent("first"), silent("third")])
    expect(played).toMatchObject({ turns: ["1 ann", "2 bob", "4 ann"], over: true })
  })

  it("keep the numbers of turns that an ablation leaves out", () => {
    const played = playActs(of(alternate(3, proposing, silence())), [answer("4"), answer("5")])
    expect(played).toMatchObject({ turns: ["1 ann", "3 ann"], over: true })
  })

  it("take turns by episode where there are several seatings", () => {
    const protocol = protocolOf({ name: "test", play: [once(ann, [propose()]), once(bob, [propose()])] })
    expect([0, 1, 2].map((episode) => playActs(protocol, [answer("1")], episode).turns[0])).toEqual([
      "1 ann",
      "1 bob",
      "1 ann"
    ])
    expect(protocol.seats).toEqual([ann, bob])
  })

  it("refuse what could not be played", () => {
    expect(() => once(ann, [])).toThrow(/has the moves \[\]/)
    expect(() => once(ann, [propose(), propose()])).toThrow(/\[propose, propose\]/)
    expect(() => once(ann, [propose()], { fallback: "keep" })).toThrow(/falls back to "keep"/)
    expect(() => rounds(1.5, proposing)).toThrow(/1.5/)
    expect(() => alternate(2)).toThrow(/how many/)
    expect(() => of(sequence())).toThrow(/no turns/)
    const protocol = of(sequence(proposing, reviewing))
    const start = protocol.start(task, 0)
    const turn = protocol.turn(start)
    if (turn?.kind !== "seat") throw new Error("over")
    expect(() => protocol.apply(start, turn, silent("keep"))).toThrow(
      /"keep" is not a legal action of round 1/
    )
    expect(() => protocol.apply(start, { ...turn, round: 2 }, silent("skip"))).toThrow(/round 2 is not/)
  })
})

describe("parallel parts", () => {
  const apart = parallel(once(ann, [propose()]), once(bob, [propose()]))

  it("are taken together, and do not hear each other", () => {
    const protocol = of(sequence(proposing, apart, reviewing))
    const first = playActs(protocol, [answer("1")]).state
    const turns = protocol.together?.(first) ?? []
    expect(turns.map(({ round, seat }) => [round, seat.agent])).toEqual([
      [2, "ann"],
      [3, "bob"]
    ])
    const { state } = playActs(protocol, [answer("1"), answer("2")])
    expect(protocol.view(state).pending?.text).toBe("1")
    expect(protocol.view(state).transcript).toHaveLength(1)
    const joined = playActs(protocol, [answer("1"), answer("2"), answer("3")])
    expect(joined.groups).toEqual([1, 2, 1])
    expect(protocol.view(joined.state).transcript.map(({ text }) => text)).toEqual(["1", "2", "3"])
    // As if one after the other: the last one is pending.
    expect(protocol.answer(joined.state)?.text).toBe("3")
  })

  it("of several turns go on in step, and join branch by branch", () => {
    const pair = (agent: string) =>
      sequence(once(seatAt(agent, "proposer"), [propose()]), once(seatAt(agent, "reviewer"), [review()]))
    const short = once(cem, [review()])
    const protocol = of(sequence(proposing, parallel(pair("dan"), short, pair("eve"))))
    const acts = [answer("1"), answer("2"), wrong, answer("3"), right, wrong]
    const played = playActs(protocol, acts)
    expect(played.turns).toEqual(["1 ann", "2 dan", "4 cem", "5 eve", "3 dan", "6 eve"])
    expect(played.groups).toEqual([1, 3, 2, 1, 2, 1])
    expect(played).toMatchObject({ over: true, answer: "3" })
    const { proposals, transcript } = played.state.board
    expect(proposals.map(({ text, right: yes, wrong: no }) => [text, yes, no])).toEqual([
      ["1", 0, 1],
      ["2", 1, 0],
      ["3", 0, 1]
    ])
    expect(transcript.map(({ round, about }) => [round, about])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 2],
      [4, 1],
      [5, undefined],
      [6, 5]
    ])
  })

  it("nest, and add up what several of them judge", () => {
    const judge = once(cem, [review()])
    const protocol = of(sequence(proposing, parallel(parallel(judge, judge), judge)))
    const played = playActs(protocol, [answer("1"), score(0.5), right, score(0.75)])
    expect(played.groups).toEqual([1, 3, 2, 1])
    const [proposal] = played.state.board.proposals
    expect(proposal).toMatchObject({ right: 1, wrong: 0, scores: [0.5, 0.75] })
    expect(proposal && meanScore(proposal)).toBe(0.75)
  })

  it("leave the choice of the pending answer to the last one that made it", () => {
    const protocol = of(sequence(apart, parallel(put(0), sequence(put(1), reviewing), sequence())))
    const played = playActs(protocol, [answer("1"), answer("2"), right])
    // The second proposal was pending already.
    expect(played).toMatchObject({ over: true, answer: "1" })
  })

  it("may not both change the memory", () => {
    const count: Part<number> = perform((board) => ({ ...board, memory: board.memory + 1 }))
    const start: Part<number> = once(ann, [propose()])
    const one = protocolOf({ name: "one", memory: 0, play: sequence(start, parallel(count, sequence())) })
    expect(playActs(one, [answer("1")]).state.board.memory).toBe(1)
    const two = protocolOf({ name: "two", memory: 0, play: sequence(start, parallel(count, count)) })
    expect(() => playActs(two, [answer("1")])).toThrow(/2 parallel parts change/)
  })
})

describe("moves", () => {
  it("put on the table what was proposed, readable or not", () => {
    const protocol = of(sequence(proposing, proposing))
    const { state } = playActs(protocol, [answer("4"), mumble])
    expect(protocol.view(state).pending).toEqual({ text: "?", round: 2 })
    expect(protocol.answer(state)).toBeUndefined()
  })

  it("say: do what the reading says", () => {
    const protocol = of(rounds(4, once(ann, [say("expert")])))
    const acts = [answer("4"), wrong, mumble, right].map((act) => ({ ...act, action: "speak" }))
    const { proposals } = playActs(protocol, acts).state.board
    expect(proposals.map(({ text, right: yes, wrong: no }) => [text, yes, no])).toEqual([
      ["4", 0, 1],
      ["?", 1, 0]
    ])
  })

  it("review before anything is pending judges nothing", () => {
    const { state } = playActs(of(sequence(reviewing, proposing)), [right, answer("4")])
    expect(state.board.proposals).toMatchObject([{ right: 0 }])
    expect(state.board.transcript[0]).not.toHaveProperty("about")
  })
})

describe("protocols of any parts", () => {
  const seats = ["a", "b"].map((agent) => seatAt(agent, "voice"))
  const leaf: fc.Arbitrary<Part> = fc.oneof(
    fc.constantFrom(...seats).map((seat) => once(seat, [propose(), stay("pass")])),
    fc.constantFrom(...seats).map((seat) => once(seatAt(seat.agent, "judge"), [review()])),
    fc.constant(silence<unknown>()),
    fc.nat({ max: 3 }).map((which) => put(which)),
    fc.constant(vote())
  )
  const { part } = fc.letrec<{ part: Part }>((tie) => {
    const parts = fc.array(tie("part"), { maxLength: 3 })
    return {
      part: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        parts.map((inner) => sequence(...inner)),
        parts.map((inner) => parallel(...inner)),
        fc
          .tuple(fc.nat({ max: 4 }), tie("part"))
          .map(([n, inner]) => until(({ transcript }) => transcript.length > n, inner)),
        fc
          .tuple(fc.nat({ max: 3 }), parts)
          .map(([n, inner]) => choose(({ proposals }) => (proposals.length + n) % 4, ...inner))
      )
    }
  })

  it("hold to the interface, whatever they are put together of", async () => {
    await fc.assert(
      fc.asyncProperty(part, async (inner) => {
        const protocol = of(sequence(proposing, inner))
        for (const { check } of protocolConformance(protocol, [task], { plays: 2 })) await check()
      }),
      { numRuns: 150 }
    )
  })
})
