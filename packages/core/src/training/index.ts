export { batchCount, type TrainSettings, train } from "./train.ts"
