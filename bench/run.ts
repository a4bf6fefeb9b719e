/**
 * `npm run bench` runs every benchmark, `npm run bench -- NAME...` those named; each in a process of its own. Options go on to each:
 * see `peers/options.ts`.
 */
import { spawnSync } from "node:child_process"
import { join } from "node:path"

const known = [
  "engine",
  "sampler",
  "backend",
  "trainers",
  "memory",
  "loading",
  "gpu",
  "collaboration",
  "solvers",
  "controllers"
]
const parameters = process.argv.slice(2)
const firstOption = parameters.findIndex((parameter) => parameter.startsWith("--"))
const asked = firstOption === -1 ? parameters : parameters.slice(0, firstOption)
const options = firstOption === -1 ? [] : parameters.slice(firstOption)
const unknown = asked.find((name) => !known.includes(name))
if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}"; known here: ${known.join(", ")}.`)
  process.exit(2)
}
for (const name of asked.length === 0 ? known : asked) {
  console.log(`\n${name}`)
  const script = join(import.meta.dirname, `${name}.ts`)
  const { status } = spawnSync(process.execPath, [script, ...options], { stdio: "inherit" })
  if (status !== 0) process.exit(status ?? 1)
}
