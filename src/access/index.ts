export * from './access.ts'
export { OPERATOR, ROLE_PERMISSIONS, requirePermission } from './permissions.ts'
export * from './types.ts'
