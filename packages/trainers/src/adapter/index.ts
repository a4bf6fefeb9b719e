export { loadAdapter, saveAdapter } from "./adapter-file.ts"
export { type AdapterStore, adapterName, makeAdapterStore } from "./adapter-store.ts"
export { createAdapter, defaultAdapterConfig } from "./create-adapter.ts"
