export { loadAdapter, readAdapter, saveAdapter } from "./adapter-file.ts"
export { AdapterOptions, resolveAdapterConfig } from "./adapter-options.ts"
export { type AdapterStore, adapterName, makeAdapterStore } from "./adapter-store.ts"
export { createAdapter, defaultAdapterConfig } from "./create-adapter.ts"
