export { type HostTensor, parseSafetensors, readSafetensors } from "./read-safetensors.ts"
export { type FileType, formatSafetensors, writeSafetensors } from "./write-safetensors.ts"
