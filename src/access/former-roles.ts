import { ROLES, type Role } from './principal.ts'

/**
 * The table of roles by which something is granted from now on. Records that name none are of before
 * `sighting:verdict`, when `crawler` was told verdicts.
 */
export const ROLE_TABLE = 2

/** Which table of roles a record was written by. */
export interface OfRoleTable {
  readonly roleTable?: typeof ROLE_TABLE
}

/** Roles of a record of that time mean today what they meant then: nobody loses a right before somebody decides it. */
export function asGranted(roles: readonly Role[], { roleTable }: OfRoleTable): readonly Role[] {
  if (roleTable !== undefined || !roles.includes('crawler')) return roles
  return ROLES.filter((role) => role === 'crawler-verdict' || roles.includes(role))
}
