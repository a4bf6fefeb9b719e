/** `npm run bench` runs every benchmark, `npm run bench -- NAME...` those named; each in a process of its own. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"

const known = ["engine", "sampler", "backend", "collaboration"]
const asked = process.argv.slice(2)
const unknown = asked.find((name) => !known.includes(name))
if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}"; known here: ${known.join(", ")}.`)
  process.exit(2)
}
for (const name of asked.length === 0 ? known : asked) {
  console.log(`\n${name}`)
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    stdio: "inherit"
  })
  if (status !== 0) process.exit(status ?? 1)
}
