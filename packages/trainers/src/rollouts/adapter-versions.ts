import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join, posix, resolve } from "node:path"
import { PolicyError } from "@tracer-sdk/core"
import { Duration, Effect, Semaphore } from "effect"
import { saveAdapter } from "../adapter/index.ts"
import type { Adapter } from "../decoder/index.ts"
import type { CallFailure } from "./call-failure.ts"
import type { AdapterRoutes } from "./rollout-server.ts"

/** Hands a server the adapters that draws are to be made with. */
export interface AdapterVersions {
  /**
   * Runs `draw` with the name of the adapter's weights of this moment, which the server has loaded, and keeps until `draw` is over;
   * undefined for an adapter that nothing has changed yet, which is the base model.
   */
  readonly using: <A, E>(
    adapter: Adapter,
    draw: (name: string | undefined) => Effect.Effect<A, E>
  ) => Effect.Effect<A, E | PolicyError>
}

/** Where adapters are handed over. */
export interface AdapterDirectories {
  /** By default the machine's for temporary files. */
  readonly directory?: string | undefined
  /** The same as the server sees it. */
  readonly onServer?: string | undefined
}

/** The weights of an adapter that a server has. */
interface Version {
  readonly name: string
  readonly directory: string
  /** The adapter's. */
  readonly revision: number
  /** Draws under way. */
  users: number
  /** A newer one has taken its place. */
  superseded: boolean
}

/** What one adapter has on the server. */
interface Handover {
  readonly lock: Semaphore.Semaphore
  version: Version | undefined
}

const notLoaded = (adapter: Adapter, path: string, { error, status, text }: CallFailure): PolicyError => {
  const closed = (status === 404 || status === 405) && text === "Not Found"
  return new PolicyError({
    message: closed
      ? `The adapter ${adapter.name} cannot be handed over: the server has no route for it.`
      : `The adapter ${adapter.name} cannot be handed over as ${path}. ${error.message}`,
    hint: closed
      ? "Start vLLM with VLLM_ALLOW_RUNTIME_LORA_UPDATING=True and with --enable-lora."
      : "Start vLLM with --enable-lora and a --max-lora-rank of at least the adapter's rank; where it does not see this machine's files, give the options adapterDirectory and adapterDirectoryOnServer.",
    retryable: error.retryable,
    cause: error
  })
}

/** A directory of this run's own, which the server can read and other runs leave alone. */
const makeFolder = async (directory: string | undefined): Promise<string> => {
  const prefix = "tracer-adapters-"
  if (directory === undefined) return mkdtemp(join(tmpdir(), prefix))
  // The server's working directory is another one, and its user may be.
  await mkdir(resolve(directory), { recursive: true })
  const folder = await mkdtemp(join(resolve(directory), prefix))
  await chmod(folder, 0o755)
  return folder
}

const removeDirectory = (path: string) => Effect.promise(() => rm(path, { recursive: true, force: true }))

/**
 * Versions of adapters on a server that loads them while it runs.
 *
 * Each version has a name that no other has, of this run or another: draws under way keep their weights, and the server's cache of
 * read prompts, which goes by names, never serves another version's. A version goes when a newer one has taken its place and its
 * last draw is over; the rest goes with the scope.
 */
export const makeAdapterVersions = Effect.fnUntraced(function* (
  routes: AdapterRoutes,
  { directory, onServer }: AdapterDirectories = {}
) {
  const folder = yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: () => makeFolder(directory),
      catch: (cause) =>
        new PolicyError({
          message: `No adapters can be written below ${directory ?? tmpdir()}: ${cause}`,
          hint: "Give the option adapterDirectory a directory that can be written to.",
          retryable: false,
          cause
        })
    }),
    removeDirectory
  )
  const handovers = new Map<Adapter, Handover>()

  const retire = ({ name, directory }: Version): Effect.Effect<void> =>
    routes.unload(name).pipe(
      Effect.timeoutOption(Duration.seconds(5)),
      Effect.catch(({ error }) => Effect.logDebug(`${name} was not unloaded: ${error.message}`)),
      Effect.andThen(removeDirectory(directory))
    )

  yield* Effect.addFinalizer(() =>
    Effect.forEach(
      [...handovers.values()].flatMap(({ version }) => (version === undefined ? [] : [version])),
      retire,
      { concurrency: "unbounded", discard: true }
    )
  )

  /** Writes the adapter as it is now, and has the server load it. */
  const publish = Effect.fnUntraced(function* (adapter: Adapter) {
    const { revision } = adapter
    const path = join(folder, `${adapter.name}.${revision}`)
    yield* saveAdapter(adapter, path).pipe(
      Effect.mapError(
        ({ message, hint, cause }) => new PolicyError({ message, hint, retryable: false, cause })
      )
    )
    const name = `${basename(path)}@${folder.slice(-6)}`
    const seen = onServer === undefined ? path : posix.join(onServer, basename(folder), basename(path))
    const version: Version = { name, directory: path, revision, users: 0, superseded: false }
    yield* routes.load(name, seen).pipe(
      Effect.mapError((failure) => notLoaded(adapter, seen, failure)),
      // The server may have it by now, and nobody would unload it.
      Effect.onInterrupt(() => retire(version))
    )
    return version
  })

  /** The version of the adapter's weights of this moment. */
  const current = (adapter: Adapter, handover: Handover): Effect.Effect<Version, PolicyError> =>
    handover.lock.withPermit(
      Effect.suspend(() => {
        const { version: before } = handover
        if (before?.revision === adapter.revision) return Effect.succeed(before)
        return Effect.tap(publish(adapter), (version) => {
          handover.version = version
          if (before === undefined) return Effect.void
          before.superseded = true
          return before.users === 0 ? Effect.uninterruptible(retire(before)) : Effect.void
        })
      })
    )

  const handoverOf = (adapter: Adapter): Handover => {
    const known = handovers.get(adapter)
    if (known !== undefined) return known
    const made = { lock: Semaphore.makeUnsafe(1), version: undefined }
    handovers.set(adapter, made)
    return made
  }

  const acquire = Effect.fnUntraced(function* (adapter: Adapter) {
    const handover = handoverOf(adapter)
    let version = yield* Effect.interruptible(current(adapter, handover))
    while (version.superseded) version = yield* Effect.interruptible(current(adapter, handover))
    version.users += 1
    return version
  })

  const release = (version: Version): Effect.Effect<void> => {
    version.users -= 1
    return version.superseded && version.users === 0 ? retire(version) : Effect.void
  }

  const versions: AdapterVersions = {
    using: (adapter, draw) =>
      adapter.revision === 0
        ? draw(undefined)
        : Effect.acquireUseRelease(acquire(adapter), ({ name }) => draw(name), release)
  }
  return versions
})
