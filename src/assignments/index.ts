export { type Assigned, type Assignments, createAssignments } from './assignments.ts'
export type { AssignedKind, Assignment } from './terms.ts'
