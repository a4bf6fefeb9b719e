export * from "./backend.ts"
export * from "./backend-error.ts"
export * from "./device-problem.ts"
export * from "./load-backend.ts"
