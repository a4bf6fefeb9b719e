export { type ScriptedCall, type ScriptedPolicy, scriptedPolicy } from "./scripted-policy.ts"
