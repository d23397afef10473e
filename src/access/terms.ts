export { allows, requirePermission } from './permissions.ts'
export { type Permission, type Principal, ROLES } from './principal.ts'
