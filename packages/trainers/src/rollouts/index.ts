export { ServedModelOptions } from "./options.ts"
export { servedModel } from "./served-model.ts"
