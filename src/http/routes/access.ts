import { z } from 'zod'
import { ROLES } from '../../access/index.ts'
import type { Engine } from '../../engine.ts'
import { type Route, id, route } from '../route.ts'

const roles = z.array(z.enum(ROLES)).max(ROLES.length)
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
      z.strictObject({ personId: id, label: name }),
      (by, key) => engine.createKey(by, key.personId, key.label),
      { status: 201 },
    ),
    route(['POST', '/v1/keys/:id/revoke'], 'people:manage', z.strictObject({ id }), (by, key) =>
      engine.revokeKey(by, key.id),
    ),
  ]
}
