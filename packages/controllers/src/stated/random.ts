import type { Controller } from "@tracer-sdk/core"
import { statedController } from "./stated.ts"

/** Plays every legal action alike: what a controller that has learned something has to beat. */
export const randomController = (): Controller =>
  statedController("random", (_info, { names }) => names.map(() => 1 / names.length))
