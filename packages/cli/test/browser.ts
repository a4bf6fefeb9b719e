import { spawn, spawnSync } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Schema } from "effect"

/** A command that starts Chromium; `undefined` where there is none. */
export const chromium: string | undefined = ["chromium", "chromium-browser", "google-chrome"].find(
  (command) => spawnSync(command, ["--version"]).status === 0
)

/** How a page is looked at. */
export interface Look {
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly scheme: "light" | "dark"
  readonly media: "screen" | "print"
}

/** An opened page. */
export interface Page {
  /** The value of an expression within the page. */
  readonly evaluate: (expression: string) => Promise<unknown>
  /** What the page complained of on the console, errors and warnings. */
  readonly complaints: ReadonlyArray<string>
  /** Everything that it asked for, itself included. */
  readonly requests: ReadonlyArray<string>
  /** A picture of the screen, or of all of the page, as PNG in base64. */
  readonly screenshot: (whole: boolean) => Promise<unknown>
  /** The printed page as PDF in base64. */
  readonly print: () => Promise<unknown>
}

const Message = Schema.Struct({
  id: Schema.optionalKey(Schema.Int),
  method: Schema.optionalKey(Schema.String),
  params: Schema.optionalKey(Schema.Unknown),
  result: Schema.optionalKey(Schema.Unknown),
  error: Schema.optionalKey(Schema.Struct({ message: Schema.String }))
})
const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Message))

/** The value at a path of keys; `undefined` where there is none. */
const at = (value: unknown, ...path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>(
    (found, key) => (typeof found === "object" && found !== null ? Reflect.get(found, key) : undefined),
    value
  )

type Listener = (method: string, params: unknown) => void

/** Speaks the DevTools protocol over a socket. */
const connect = async (address: string, listen: Listener) => {
  const socket = new WebSocket(address)
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve())
    socket.addEventListener("error", () => reject(new Error("The browser does not answer.")))
  })
  socket.addEventListener("message", ({ data }) => {
    const { id, method, params, result, error } = decode(String(data))
    if (method !== undefined) listen(method, params)
    if (id === undefined) return
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(result)
    else asked?.reject(new Error(error.message))
  })
  const send = (method: string, params: object = {}, sessionId?: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last++
      waiting.set(last, { resolve, reject })
      socket.send(
        JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) })
      )
    })
  return { send, close: () => socket.close() }
}

/** Starts a browser without a window; `close` ends it and removes what it left. */
export const startBrowser = async (command: string) => {
  const profile = await mkdtemp(join(tmpdir(), "tracer-browser-"))
  const child = spawn(
    command,
    [
      "--headless",
      // Tests run as root in containers, where the sandbox cannot start.
      "--no-sandbox",
      "--disable-gpu",
      "--hide-scrollbars",
      "--disable-dev-shm-usage",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "about:blank"
    ],
    { stdio: ["ignore", "ignore", "pipe"] }
  )
  const address = await new Promise<string>((resolve, reject) => {
    let printed = ""
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      printed += text
      const found = /DevTools listening on (ws:\S+)/.exec(printed)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.on("error", reject)
    child.on("close", () => reject(new Error(`The browser ended:\n${printed}`)))
  })
  let listener: Listener = () => {}
  const { send, close } = await connect(address, (method, params) => listener(method, params))

  const open = async (url: string, { width, height, scheme, media }: Look): Promise<Page> => {
    const target = String(at(await send("Target.createTarget", { url: "about:blank" }), "targetId"))
    const session = String(
      at(await send("Target.attachToTarget", { targetId: target, flatten: true }), "sessionId")
    )
    const ask = (method: string, params: object = {}) => send(method, params, session)
    const complaints: Array<string> = []
    const requests: Array<string> = []
    let loaded = () => {}
    const done = new Promise<void>((resolve) => {
      loaded = resolve
    })
    listener = (method, params) => {
      if (method === "Network.requestWillBeSent") requests.push(String(at(params, "request", "url")))
      if (method === "Log.entryAdded") complaints.push(String(at(params, "entry", "text")))
      if (method === "Runtime.consoleAPICalled" || method === "Runtime.exceptionThrown") {
        complaints.push(JSON.stringify(params))
      }
      if (method === "Page.loadEventFired") loaded()
    }
    for (const domain of ["Page", "Network", "Log", "Runtime"]) await ask(`${domain}.enable`)
    await ask("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false })
    await ask("Emulation.setEmulatedMedia", {
      media,
      features: [{ name: "prefers-color-scheme", value: scheme }]
    })
    await ask("Page.navigate", { url })
    await done
    return {
      complaints,
      requests,
      evaluate: async (expression) =>
        at(await ask("Runtime.evaluate", { expression, returnByValue: true }), "result", "value"),
      screenshot: async (whole) =>
        at(await ask("Page.captureScreenshot", { captureBeyondViewport: whole }), "data"),
      print: async () =>
        at(await ask("Page.printToPDF", { preferCSSPageSize: true, printBackground: false }), "data")
    }
  }

  return {
    open,
    close: async (): Promise<void> => {
      const ended = new Promise((resolve) => child.on("close", resolve))
      await send("Browser.close")
      close()
      await ended
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}
