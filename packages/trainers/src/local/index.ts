export { isLocalPolicy, LocalModelOptions, type LocalPolicy, localModel } from "./local-model.ts"
export {
  loadTrainableModel,
  nanoModelDirectory,
  type TrainableModel,
  trainableModelFields
} from "./trainable-model.ts"
