import type { Reading, View } from "./transcript.ts"

/** A message of a chat prompt. */
export interface Message {
  readonly role: "system" | "user" | "assistant"
  readonly content: string
}

/** What a language model is asked; a last message of the assistant's is to be gone on with, not answered. */
export interface Prompt {
  readonly messages: ReadonlyArray<Message>
}

/** How an agent speaks: view to prompt, utterance to meaning. Pure, total, and ignorant of the protocol that uses it. */
export interface Role {
  readonly name: string
  prompt(view: View): Prompt
  /** Strings that end what it says about a view, beside those of the sampling; servers know four or fewer. */
  stop?(view: View): ReadonlyArray<string>
  read(view: View, text: string): Reading
}
