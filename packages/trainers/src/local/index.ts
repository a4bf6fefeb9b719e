export {
  isLocalPolicy,
  LocalModelOptions,
  type LocalPolicy,
  localModel,
  nanoModelDirectory
} from "./local-model.ts"
