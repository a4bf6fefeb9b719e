import { expect, test } from "vitest"
import { beforeStop } from "./stop-strings.ts"

test("a text ends before the stop string that begins first, whichever is listed first", () => {
  expect(beforeStop("one two three", ["three", "two"])).toBe("one ")
  expect(beforeStop("答えは42。以上", ["。"])).toBe("答えは42")
  expect(beforeStop("nothing of it", ["§", "@@"])).toBe("nothing of it")
  expect(beforeStop("as it is")).toBe("as it is")
  expect(beforeStop("stop", ["s"])).toBe("")
})
