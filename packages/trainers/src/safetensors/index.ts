export type { TensorEntry } from "./header.ts"
export {
  type HostTensor,
  openSafetensors,
  readSafetensors,
  type SafetensorsFile
} from "./read-safetensors.ts"
export { type FileType, fileBytesPerValue, type TensorSource, writeSafetensors } from "./write-safetensors.ts"
