export { type EventLog, memoryEventLog, sqliteEventLog } from "./event-log.ts"
export { sqliteClient } from "./sqlite-client.ts"
