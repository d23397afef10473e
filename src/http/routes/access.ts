import { z } from 'zod'
import { ROLES } from '../../access/index.ts'
import type { Engine } from '../../engine.ts'
import { id, type Route, route } from '../route.ts'

const roles = z.array(z.enum(ROLES)).max(ROLES.length)
/** Long enough to hand the new secret over on a working day. */
const OVERLAP_HOURS = 24
const name = z.string().trim().min(1).max(200)

export function accessRoutes(engine: Engine): readonly Route[] {
  return [
    route(['GET', '/v1/whoami'], 'signed-in', z.strictObject({}), (by) => Promise.resolve(by)),
    route(['GET', '/v1/people'], 'people:read', z.strictObject({}), (by) => engine.people(by)),
    route(
      ['POST', '/v1/people'],
      'people:manage',
      z.strictObject({
        name,
        pseudonym: name,
        kind: z.enum(['person', 'machine']).default('person'),
        roles,
      }),
      (by, person) => engine.addPerson(by, person),
      { status: 201 },
    ),
    route(
      ['POST', '/v1/people/:id/roles'],
      'people:manage',
      z.strictObject({ id, roles }),
      (by, change) => engine.setRoles(by, change.id, change.roles),
    ),
    route(
      ['POST', '/v1/people/:id/deactivate'],
      'people:manage',
      z.strictObject({ id }),
      (by, person) => engine.deactivatePerson(by, person.id),
    ),
    route(['GET', '/v1/keys'], 'people:read', z.strictObject({}), (by) => engine.keys(by)),
    route(
      ['POST', '/v1/keys'],
      'people:manage',
      z.strictObject({
        personId: id,
        label: name,
        roles: roles.exactOptional(),
        source: z.string().exactOptional(),
        expiresInDays: z.number().exactOptional(),
      }),
      (by, { personId, label, ...scope }) => engine.createKey(by, personId, label, scope),
      { status: 201 },
    ),
    route(
      ['POST', '/v1/keys/:id/rotate'],
      'people:manage',
      z.strictObject({ id, overlapHours: z.number().default(OVERLAP_HOURS) }),
      (by, key) => engine.rotateKey(by, key.id, key.overlapHours),
    ),
    route(['POST', '/v1/keys/:id/revoke'], 'people:manage', z.strictObject({ id }), (by, key) =>
      engine.revokeKey(by, key.id),
    ),
  ]
}
