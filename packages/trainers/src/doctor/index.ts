export { type ExaminationOptions, type ExaminationStep, examineMachine } from "./examine-machine.ts"
export { DoctorReport, type Finding, type ProbeName, type Speed } from "./report.ts"
export { makeTrial, type Trial, type TrialSize } from "./trial.ts"
