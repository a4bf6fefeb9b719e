export { SpeakerAudit } from "./speaker-audit.ts"
