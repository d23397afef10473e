import { z } from 'zod'
import { HindraError } from '../errors.ts'
import { PERSONS_ONLY, ROLES, type Role } from './principal.ts'

const roles = z.array(z.enum(ROLES)).max(ROLES.length)

const person = z.strictObject({
  name: z.string().trim().min(1).max(200),
  pseudonym: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'letters, digits, dot, dash, underscore; up to 32'),
  kind: z.enum(['person', 'machine']),
  roles,
  owner: z.string().exactOptional(),
})

export interface PersonInput {
  readonly name: string
  /** What reports show instead of the name: `A-01`. Unique, whatever its case. */
  readonly pseudonym: string
  readonly kind: 'person' | 'machine'
  readonly roles: readonly Role[]
  /** The person who answers for the machine. */
  readonly owner?: string
}

/** Throws INVALID_INPUT with the field. */
export function checkPerson(input: PersonInput): PersonInput {
  const checked = check(person, input)
  if (checked.owner !== undefined && checked.kind === 'person') {
    throw new HindraError('INVALID_INPUT', { says: 'owner-of-machine' }, { field: 'owner' })
  }
  return { ...checked, roles: checkRoles(checked.roles, checked.kind) }
}

/** Each role once, in the order of ROLES. Throws INVALID_INPUT. */
export function checkRoles(input: readonly Role[], kind: PersonInput['kind']): readonly Role[] {
  const checked = new Set(check(roles, input, 'roles'))
  const barred = PERSONS_ONLY.find((role) => checked.has(role))
  if (kind === 'machine' && barred !== undefined) {
    throw new HindraError(
      'INVALID_INPUT',
      { says: 'role-of-persons', role: barred },
      { field: 'roles' },
    )
  }
  return ROLES.filter((role) => checked.has(role))
}

/** Parses by a schema. Throws INVALID_INPUT with the field, below `name` where that is given. */
export function check<Value>(schema: z.ZodType<Value>, input: unknown, ...name: string[]): Value {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = [...name, ...(issue?.path ?? [])].map(String).join('.')
  throw new HindraError('INVALID_INPUT', `${field}: ${issue?.message ?? 'invalid'}`, { field })
}
