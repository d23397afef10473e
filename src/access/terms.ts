export { type Permission, type Principal, ROLES } from './types.ts'
