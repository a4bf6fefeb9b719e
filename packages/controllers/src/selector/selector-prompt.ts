import type { Deliberation, Prompt, TranscriptEntry, View } from "@tracer-sdk/core"

/** What a selector is told, unless a configuration says otherwise. */
export const selectorInstructions =
  "You lead a team that works on a problem together. Words cost time: somebody should speak only where that is likely to make the " +
  "team's answer better. Decide what happens next. You may think it over in a sentence or two. The last line of your reply has to " +
  "be `Next: ` and one of the options by its name."

const said = ({ agent, seat, action, text }: TranscriptEntry): string =>
  text === undefined ? `${agent} (${seat}) chose: ${action}` : `${agent} (${seat}):\n${text.trim()}`

const dialogueOf = ({ transcript }: View): string =>
  transcript.length === 0 ? "Nobody has spoken yet." : transcript.map(said).join("\n\n")

const choicesOf = ({ task }: View): string =>
  task.choices === undefined
    ? ""
    : `\n\nChoices:\n${task.choices.map((choice, i) => `${String.fromCharCode(65 + i)}) ${choice}`).join("\n")}`

/**
 * Asks what a seat should do: the problem, the dialogue so far, and the options, with whether they speak. Where none does, they are other
 * choices than between speech and silence, such as who is next, and stand by their names alone.
 */
export const selectorPrompt = (
  { turn, legal, view }: Pick<Deliberation, "turn" | "legal" | "view">,
  instructions: string
): Prompt => {
  const { agent, name } = turn.seat
  const roles = new Map(turn.actions.map((action) => [action.name, action.role]))
  const speech = legal.names.some((option) => roles.get(option) !== undefined)
  const options = legal.names.map((option) => {
    const role = roles.get(option)
    return `- ${option}${speech ? `: ${agent} ${role === undefined ? "says nothing" : `speaks as ${role}`}` : ""}`
  })
  const heard = view.transcript.some(({ text }) => text === view.pending?.text)
  const pending =
    view.pending === undefined || heard ? "" : `\n\nThe answer on the table:\n${view.pending.text.trim()}`
  return {
    messages: [
      { role: "system", content: instructions },
      {
        role: "user",
        content:
          `Problem:\n${view.task.question}${choicesOf(view)}\n\nThe dialogue so far:\n${dialogueOf(view)}${pending}\n\n` +
          `It is the turn of ${agent} (${name}). The options:\n${options.join("\n")}`
      }
    ]
  }
}

/** Without markup, in lower case: an option may be called `agent_1`, which loses its own underscore, too. */
const bare = (text: string): string =>
  text
    .replaceAll(/[*_`"'<>[\]]/g, "")
    .trim()
    .toLowerCase()

/**
 * The option that a reply names, strictly: its last line is the name alone or after `Next:`, whatever its case, marked up or with a
 * full stop; anything else is unreadable.
 */
export const readSelection = (reply: string, options: ReadonlyArray<string>): string | undefined => {
  const last = reply.slice(-400).trimEnd().split("\n").at(-1) ?? ""
  const name = bare(last)
    .replace(/^next\s*:/, "")
    .replace(/\.$/, "")
    .trim()
  const [option, ...others] = options.filter((known) => bare(known) === name)
  return others.length === 0 ? option : undefined
}
