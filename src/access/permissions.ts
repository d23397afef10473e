import { HindraError } from '../errors.ts'
import type { Permission, Principal, Role } from './principal.ts'

/**
 * What each role may do; what is not listed is refused. Whoever runs people cannot touch material,
 * whoever proposes cannot verify, and whoever submits sightings learns nothing about the register.
 */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  // A form for the public: who breaks into its server reads no tip.
  reporter: ['tip:submit', 'tip:by-receipt'],
  intake: ['tip:submit', 'tip:read', 'people:name'],
  analyst: [
    'sighting:submit',
    'sighting:verdict',
    'scan',
    'hma:use',
    'hma:evidence',
    'item:propose',
    'item:read',
    'list:read',
    'tip:submit',
    'tip:read',
    'assess',
    'look',
    'case:read',
    'case:decide',
    'case:close',
    'case:circumstances',
    'objection:decide',
    'case:work',
    'route:explain',
    'contact:read',
    'host:override',
    'notice:read',
    'notice:follow-up',
    'notice:hold',
    'notice:stop',
    'recheck:run',
    'recheck:answer',
    'dossier:propose',
    'stats:read',
    'people:name',
  ],
  verifier: [
    'look',
    'item:verify',
    'item:read',
    'feedback:give',
    'list:read',
    'case:read',
    'case:decide',
    'case:work',
    'people:name',
  ],
  officer: [
    'verdict:withhold',
    'hma:use',
    'hma:evidence',
    'item:read',
    'item:retract',
    'feedback:give',
    'list:read',
    'list:manage',
    'import:read',
    'case:read',
    'case:close',
    'case:circumstances',
    'objection:decide',
    'case:work',
    'assign',
    'route:explain',
    'contact:read',
    'contact:decide',
    'host:override',
    'notice:read',
    'notice:send',
    'notice:follow-up',
    'notice:hold',
    'notice:forbid',
    'hotline-export:take',
    'notice:stop',
    'recheck:run',
    'recheck:answer',
    'dossier:propose',
    'dossier:release',
    'stats:read',
    'report:close',
    'people:name',
  ],
  crawler: ['sighting:submit'],
  // Verdicts let a crawler feel its way towards a hash: granted one by one.
  'crawler-verdict': ['sighting:submit', 'sighting:verdict'],
  'hma-client': ['hma:use'],
  // Distances and entry ids let a client feel its way towards a hash: granted one by one.
  'hma-evidence': ['hma:use', 'hma:evidence'],
  'hma-curator': ['hma:use', 'hma:evidence', 'item:propose'],
  pipeline: ['alert:read', 'alert:acknowledge', 'delivery:read', 'case:read'],
  auditor: [
    'audit:read',
    'item:read',
    'list:read',
    'tip:read',
    'case:read',
    'contact:read',
    'notice:read',
    'alert:read',
    'delivery:read',
    'stats:read',
    'people:read',
    'retention:read',
    'import:read',
    'source:read',
    'system:read',
    'people:name',
  ],
  statistics: ['stats:read', 'people:name'],
  monitor: ['metrics:read'],
  exchange: [
    'import',
    'import:read',
    'export',
    'list:read',
    'source:read',
    'source:manage',
    'people:name',
  ],
  admin: [
    'verdict:withhold',
    'people:manage',
    'people:read',
    'delivery:read',
    'delivery:manage',
    'data-key:manage',
    'backup',
    'retention:read',
    'retention:apply',
    'system:read',
    'people:name',
  ],
}

/** Who runs the server: creates principals and keeps the data safe; is shown nothing by that fact. */
const OPERATOR_PERMISSIONS: readonly Permission[] = [
  'verdict:withhold',
  'people:manage',
  'people:read',
  'data-key:manage',
  'backup',
  'system:read',
  'metrics:read',
]

/** Whoever reaches the Unix socket without a key. */
export const OPERATOR: Principal = {
  id: 'operator',
  pseudonym: 'operator',
  kind: 'operator',
  roles: [],
}

/** What Hindra does by itself where an act is somebody's: it brings tips, and is asked nothing. */
export const HINDRA_ITSELF: Principal = {
  id: 'hindra',
  pseudonym: 'hindra',
  kind: 'machine',
  roles: [],
}

export function allows(principal: Principal, permission: Permission): boolean {
  return principal.kind === 'operator'
    ? OPERATOR_PERMISSIONS.includes(permission)
    : principal.roles.some((role) => ROLE_PERMISSIONS[role].includes(permission))
}

/**
 * What binds the hotline asks who has signed in by a browser for the second factor again. Whoever came by a key has no
 * session, and is let through: whether keys may do it is asked elsewhere. Throws STEP_UP_NEEDED.
 */
export function requireFresh({ session }: Principal): void {
  if (session === undefined || session.isFresh) return
  throw new HindraError('STEP_UP_NEEDED', { says: 'factor-again' })
}

/** Throws FORBIDDEN, naming the roles that would allow it. */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (allows(principal, permission)) return
  const roles = Object.entries(ROLE_PERMISSIONS)
    .filter(([, permissions]) => permissions.includes(permission))
    .map(([role]) => role)
  throw new HindraError('FORBIDDEN', { says: 'needs-role', permission, roles: roles.join(', ') })
}
