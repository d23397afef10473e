import type { Access } from '../access/index.ts'
import { guarded, type Readings } from './guard.ts'
import type { Engine } from './types.ts'

/** The calls about people and their keys: who may make them, and what does the work. */
export function accessCalls(
  readings: Readings,
  access: Access,
): Pick<
  Engine,
  | 'addPerson'
  | 'people'
  | 'setRoles'
  | 'deactivatePerson'
  | 'createKey'
  | 'keys'
  | 'rotateKey'
  | 'revokeKey'
> {
  return {
    addPerson: guarded('people:manage', (by, person) => access.addPerson(by, person)),
    people: readings.all('people:read', 'person.list', () => access.people()),
    setRoles: guarded('people:manage', (by, id, roles) => access.setRoles(by, id, roles)),
    deactivatePerson: guarded('people:manage', (by, id) => access.deactivate(by, id)),
    createKey: guarded('people:manage', (by, id, label, scope) =>
      access.createKey(by, id, label, scope),
    ),
    keys: readings.all('people:read', 'key.list', () => access.keys()),
    rotateKey: guarded('people:manage', (by, id, hours) => access.rotateKey(by, id, hours)),
    revokeKey: guarded('people:manage', (by, keyId) => access.revokeKey(by, keyId)),
  }
}
