export { allows, requirePermission } from './permissions.ts'
export { type Permission, PERSONS_ONLY, type Principal, ROLES } from './principal.ts'
