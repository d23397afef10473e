import { z } from 'zod'
import type { KeyView, PersonView } from '../access/index.ts'
import { ROLES } from '../access/terms.ts'
import type { SignInState } from '../sessions/index.ts'
import { exactId } from './fields.ts'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

const id = idOf('person')

const roles = z.array(z.enum(ROLES)).max(ROLES.length)
/** Long enough to hand the new secret over on a working day. */
const OVERLAP_HOURS = 24
const NAMED_MAX = 1_000
const name = z.string().trim().min(1).max(200)

/** One person or machine, with how they prove who they are. */
export interface PersonDetail extends PersonView {
  /** Those that were ended, too; never a secret. */
  readonly keys: readonly KeyView[]
  readonly signIn: SignInState
}

export const people = {
  whoami: operation('GET /v1/whoami', {
    needs: 'signed-in',
    says: 'Whose key this is',
    input: {},
    run: (_parts, by) => Promise.resolve(by),
  }),
  list: operation('GET /v1/people', {
    needs: 'people:read',
    says: 'People and machines',
    input: {},
    reads: ['all', 'person.list'],
    run: ({ access }) => access.people(),
  }),
  show: operation('GET /v1/people/:id', {
    needs: 'people:read',
    says: 'One person or machine: roles, keys without their secrets, and how they sign in by a browser',
    input: { id },
    reads: ['one', 'person.read'],
    run: async ({ store, access, sessions }, _by, person): Promise<PersonDetail> => ({
      ...(await store.transact((tx) => access.person(tx, person.id))),
      keys: await access.keys(person.id),
      signIn: await sessions.stateOf(person.id),
    }),
  }),
  // Not below /v1/people, where a person's id stands.
  pseudonyms: operation('POST /v1/pseudonyms', {
    needs: 'people:name',
    says: 'What people are called whose ids a record shows; who is not known is left out',
    input: { ids: z.array(exactId).min(1).max(NAMED_MAX) },
    run: ({ store, access }, _by, { ids }) =>
      store.transact(async (tx) =>
        Array.from(await access.pseudonyms(tx, ids), ([found, pseudonym]) => ({
          id: found,
          pseudonym,
        })),
      ),
  }),
  add: operation('POST /v1/people', {
    needs: 'people:manage',
    says: 'Adds a person or a machine',
    input: {
      name,
      pseudonym: name,
      kind: z.enum(['person', 'machine']).default('person'),
      roles,
      owner: id.exactOptional(),
    },
    status: 201,
    run: ({ access }, by, person) => access.addPerson(by, person),
  }),
  setRoles: operation('POST /v1/people/:id/roles', {
    needs: 'people:manage',
    says: 'Sets the roles of a person',
    input: { id, roles },
    run: ({ access }, by, change) => access.setRoles(by, change.id, change.roles),
  }),
  own: operation('POST /v1/people/:id/owner', {
    needs: 'people:manage',
    says: 'Names the person who answers for a machine',
    input: { id, owner: id },
    run: ({ access }, by, machine) => access.own(by, machine.id, machine.owner),
  }),
  withholdVerdicts: operation('POST /v1/people/:id/withhold-verdicts', {
    needs: 'verdict:withhold',
    says: 'A crawler is told no verdicts from now on',
    input: { id },
    run: ({ access }, by, person) => access.withholdVerdicts(by, person.id),
  }),
  deactivate: operation('POST /v1/people/:id/deactivate', {
    needs: 'people:manage',
    says: 'Ends a person, keys and all',
    input: { id },
    run: ({ access }, by, person) => access.deactivate(by, person.id),
  }),
}

export const keys = {
  list: operation('GET /v1/keys', {
    needs: 'people:read',
    says: 'Keys, never their secrets',
    input: {},
    reads: ['all', 'key.list'],
    run: ({ access }) => access.keys(),
  }),
  create: operation('POST /v1/keys', {
    needs: 'people:manage',
    says: 'A new key; shown once',
    input: {
      personId: id,
      label: name,
      roles: roles.exactOptional(),
      source: z.string().exactOptional(),
      expiresInDays: z.number().exactOptional(),
    },
    status: 201,
    run: ({ access }, by, { personId, label, ...scope }) =>
      access.createKey(by, personId, label, scope),
  }),
  rotate: operation('POST /v1/keys/:id/rotate', {
    needs: 'people:manage',
    says: 'A new secret for a key',
    input: { id: idOf('key'), overlapHours: z.number().default(OVERLAP_HOURS) },
    run: ({ access }, by, key) => access.rotateKey(by, key.id, key.overlapHours),
  }),
  revoke: operation('POST /v1/keys/:id/revoke', {
    needs: 'people:manage',
    says: 'Ends a key',
    input: { id: idOf('key') },
    run: ({ access }, by, key) => access.revokeKey(by, key.id),
  }),
}
