export { type Assigned, type Assignments, createAssignments } from './assignments.ts'
export type { Skips, OwnSkip } from './skips.ts'
export type { AssignedKind, Assignment, Skip, SkipReason } from './terms.ts'
