export {
  type ConformanceCheck,
  type ControllerConformanceOptions,
  controllerConformance,
  creditConformance,
  graderConformance,
  policyConformance,
  protocolConformance,
  roleConformance
} from "./conformance/index.ts"
export {
  type ChoicePoint,
  type DialogueNode,
  type DialogueTree,
  dialogueTree,
  type KnownDialogue,
  type PossibleUtterance
} from "./dialogue-tree.ts"
export {
  type BestDialogue,
  bestDialogue,
  type DialogueProfile,
  type DialogueValue,
  dialogueValue,
  profileOfControllers
} from "./exact-dialogue.ts"
export { type ScriptedCall, type ScriptedPolicy, scriptedPolicy } from "./scripted-policy.ts"
