import { assert, describe, it } from "@effect/vitest"
import { reasonOf } from "./reason-of.ts"

describe("reasonOf", () => {
  it.each([
    [
      "Cannot find package 'webgpu' imported from /srv/node_modules/@tracer-sdk/trainers/dist/backend/webgpu.js",
      "the package webgpu is not installed"
    ],
    [
      "Cannot find module '@mapbox/node-pre-gyp'\nRequire stack:\n- /srv/a.js",
      "Cannot find module '@mapbox/node-pre-gyp'"
    ],
    // What tfjs-node says of an operation that failed.
    [
      "Invalid TF_Status: 3\nMessage: Input to reshape is a tensor with 3 values, but the requested shape has 4",
      "TensorFlow: Input to reshape is a tensor with 3 values, but the requested shape has 4"
    ],
    ["\n  at last\n  a reason", "at last"]
  ])("makes one line of %j", (message, reason) => {
    assert.strictEqual(reasonOf(new Error(message)), reason)
    assert.strictEqual(reasonOf(message), reason)
  })
})
