import type { Message, Prompt } from "@tracer-sdk/core"

/** A prompt that is written when it is first read: a simulated policy never reads it. */
class LazyPrompt implements Prompt {
  private readonly write: () => ReadonlyArray<Message>
  private written: ReadonlyArray<Message> | undefined

  constructor(write: () => ReadonlyArray<Message>) {
    this.write = write
    this.written = undefined
  }

  get messages(): ReadonlyArray<Message> {
    this.written ??= this.write()
    return this.written
  }
}

/** Puts off the writing of a prompt until it is read. */
export const lazyPrompt = (write: () => ReadonlyArray<Message>): Prompt => new LazyPrompt(write)
