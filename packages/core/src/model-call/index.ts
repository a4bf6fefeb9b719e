export * from "./model-call-fields.ts"
export * from "./retry-model-call.ts"
