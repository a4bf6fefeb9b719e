import type { Cause } from "effect"
import { Effect, Exit, Queue, Scope, Stream } from "effect"
import type { TeamConfigInput } from "../config/team-config.ts"
import type { TracerError } from "../errors.ts"
import type { EvaluationReport } from "../evaluation/report.ts"
import type { TracerEvent } from "../event.ts"
import type { AnyPlugin } from "../registry/registry.ts"
import type { Task } from "../task.ts"
import { type Solution, solutionOf } from "./solution.ts"
import { loadTeam, makeTeam, type SolveOptions, type TeamRuntime } from "./team-runtime.ts"

/** What the Promise face of a call accepts besides its arguments. */
export interface CallOptions extends SolveOptions {
  readonly signal?: AbortSignal
}

const asTask = (question: string | Task): Task =>
  typeof question === "string" ? { id: "question", question } : question

/**
 * A team of language models that has learned, or is to learn, to collaborate.
 *
 * Rejections are the SDK's tagged errors. A team holds models: release it with `close()` or `await using`.
 *
 * @example
 * await using team = await Team.load("runs/nano", plugins)
 * const { answer } = await team.solve("Mia has 3 bags with 4 apples each and loses 2. How many apples are left?")
 */
export class Team implements AsyncDisposable {
  readonly runtime: TeamRuntime
  readonly #scope: Scope.Closeable

  private constructor(runtime: TeamRuntime, scope: Scope.Closeable) {
    this.runtime = runtime
    this.#scope = scope
  }

  static async #open(make: Effect.Effect<TeamRuntime, TracerError, Scope.Scope>): Promise<Team> {
    const scope = Scope.makeUnsafe()
    try {
      return new Team(await Effect.runPromise(Scope.provide(make, scope)), scope)
    } catch (error) {
      await Effect.runPromise(Scope.close(scope, Exit.void))
      throw error
    }
  }

  /** Makes an untrained team from a configuration. */
  static create(config: TeamConfigInput, plugins: ReadonlyArray<AnyPlugin>): Promise<Team> {
    return Team.#open(makeTeam(config, plugins))
  }

  /** Loads a team that `save` or a training run has written. */
  static load(directory: string, plugins: ReadonlyArray<AnyPlugin>): Promise<Team> {
    return Team.#open(loadTeam(directory, plugins))
  }

  /** Plays one dialogue over a question and returns its answer. */
  async solve(question: string | Task, { signal, ...options }: CallOptions = {}): Promise<Solution> {
    const episode = await Effect.runPromise(
      this.runtime.solve(asTask(question), options),
      signal === undefined ? {} : { signal }
    )
    return solutionOf(episode)
  }

  /**
   * The events of one dialogue, as they happen, what is said by `utterance-delta` already while it is spoken where the policy can;
   * leaving the loop stops the dialogue.
   */
  stream(question: string | Task, options: SolveOptions = {}): AsyncIterable<TracerEvent> {
    const { runtime } = this
    return Stream.toAsyncIterable(
      Stream.callback<TracerEvent, TracerError>((queue: Queue.Queue<TracerEvent, TracerError | Cause.Done>) =>
        runtime
          .solve(asTask(question), {
            ...options,
            deltas: true,
            emit: (event) => Queue.offerUnsafe(queue, event)
          })
          .pipe(
            Effect.matchCauseEffect({
              onFailure: (cause) => Queue.failCause(queue, cause),
              onSuccess: () => Queue.end(queue)
            })
          )
      )
    )
  }

  /** Learns from tasks with gold answers: controllers always, weights where the configuration has a learner. */
  train(
    tasks: ReadonlyArray<Task>,
    {
      signal,
      onEvent
    }: { readonly signal?: AbortSignal; readonly onEvent?: (event: TracerEvent) => void } = {}
  ): Promise<void> {
    return Effect.runPromise(this.runtime.train(tasks, onEvent), signal === undefined ? {} : { signal })
  }

  /** Measures accuracy, tokens and calls on tasks with gold answers. */
  evaluate(tasks: ReadonlyArray<Task>, { signal, ...options }: CallOptions = {}): Promise<EvaluationReport> {
    return Effect.runPromise(this.runtime.evaluate(tasks, options), signal === undefined ? {} : { signal })
  }

  /** Writes configuration, controllers and weights into a folder, for `Team.load`. */
  save(directory: string): Promise<void> {
    return Effect.runPromise(this.runtime.save(directory))
  }

  /** Releases the team's models. */
  close(): Promise<void> {
    return Effect.runPromise(Scope.close(this.#scope, Exit.void))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
