export { type EventLog, memoryEventLog, sqliteEventLog } from "./event-log.ts"
export { readJsonFile, writeJsonFile } from "./json-file.ts"
export { sqliteClient } from "./sqlite-client.ts"
export { readTeamFile, snapshotsOf, TeamFile, teamFileVersion, writeTeamFile } from "./team-file.ts"
