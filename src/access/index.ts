export * from './access.ts'
export type { People } from './people.ts'
export { OPERATOR, ROLE_PERMISSIONS, allows, requirePermission } from './permissions.ts'
export * from './principal.ts'
