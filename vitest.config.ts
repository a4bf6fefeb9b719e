import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const source = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@tracer-sdk\/core\/testing$/, replacement: source("core/src/testing/index.ts") },
      { find: /^@tracer-sdk\/(core|roles|controllers|trainers|cli)$/, replacement: source("$1/src/index.ts") }
    ]
  },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/test/**/*.test.ts",
      "tools/**/*.test.ts",
      "examples/**/*.test.ts"
    ],
    setupFiles: [],
    testTimeout: 60_000
  }
})
