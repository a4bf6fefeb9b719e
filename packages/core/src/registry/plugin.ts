import { Effect, type Schema, type Scope } from "effect"
import type { Grader } from "../answer/grader.ts"
import { decodeConfig } from "../config/decode.ts"
import type { Controller, ControllerSnapshot } from "../controller.ts"
import type { CreditAssigner } from "../credit.ts"
import type { TracerError } from "../errors.ts"
import type { Learner } from "../learner.ts"
import type { Policy } from "../policy.ts"
import type { Protocol, Seat } from "../protocol.ts"
import type { Role } from "../role.ts"
import type { GraderOf } from "../task/grader-for.ts"
import type { Task } from "../task.ts"

/** How a team's answers are read and compared; `graderFor` where nothing is given. */
interface Graded {
  readonly grader?: GraderOf
}

/** What each kind of plug-in makes, and what it is told besides its options. */
export interface PluginKinds {
  readonly protocol: {
    readonly product: Protocol<unknown>
    readonly context: Graded & { readonly agents: ReadonlyArray<string> }
  }
  readonly role: { readonly product: Role; readonly context: Graded & { readonly name: string } }
  readonly controller: {
    readonly product: Controller
    readonly context: Graded & {
      readonly seat: Seat
      readonly snapshot?: ControllerSnapshot
      /** By agent, for controllers that consult a model. */
      readonly policies: ReadonlyMap<string, Policy>
    }
  }
  readonly credit: {
    readonly product: CreditAssigner
    /** By the name that the configuration gives them, for assigners that consult a model. */
    readonly context: { readonly policies: ReadonlyMap<string, Policy> }
  }
  readonly policy: {
    readonly product: Policy
    readonly context: Graded & { readonly name: string; readonly seed: number }
  }
  readonly learner: {
    readonly product: Learner
    readonly context: {
      readonly seed: number
      /** By agent. */
      readonly policies: ReadonlyMap<string, Policy>
    }
  }
  /** Made once for each data set that the configuration gives it. */
  readonly grader: { readonly product: Grader; readonly context: { readonly dataset: string } }
  readonly tasks: { readonly product: ReadonlyArray<Task>; readonly context: { readonly seed: number } }
}
export type PluginKind = keyof PluginKinds

/** What a plug-in's author writes. */
export interface PluginDefinition<K extends PluginKind, S extends Schema.ConstraintDecoder<unknown>> {
  readonly kind: K
  /** As configurations name it. */
  readonly name: string
  readonly options: S
  readonly make: (
    options: S["Type"],
    context: PluginKinds[K]["context"]
  ) => Effect.Effect<PluginKinds[K]["product"], TracerError, Scope.Scope>
}

/** A plug-in as the registry holds it: its options are decoded when it is made. */
export interface Plugin<K extends PluginKind = PluginKind> {
  readonly kind: K
  readonly name: string
  /** `path` is where in the configuration the options stand. */
  readonly make: (
    options: unknown,
    context: PluginKinds[K]["context"],
    path: string
  ) => Effect.Effect<PluginKinds[K]["product"], TracerError, Scope.Scope>
}

/** Defines a plug-in; wrong options fail with a `ConfigError` that names their path. */
export const definePlugin = <K extends PluginKind, S extends Schema.ConstraintDecoder<unknown>>(
  definition: PluginDefinition<K, S>
): Plugin<K> => ({
  kind: definition.kind,
  name: definition.name,
  make: (options, context, path) =>
    Effect.flatMap(
      Effect.fromResult(
        decodeConfig(definition.options, options, `${definition.kind} "${definition.name}"`, path)
      ),
      (decoded) => definition.make(decoded, context)
    )
})
