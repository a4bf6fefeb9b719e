export { type LocalPolicyParts, localPolicy } from "./local-policy.ts"
