import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Access, createAccess, OPERATOR, type PersonView } from '../../src/access/index.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import { ManualClock } from '../../src/core/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { storedText } from '../stored-text.ts'

let context: TestContext
let audit: Audit
let access: Access
let wallClock: ManualClock

beforeEach(async () => {
  context = await openTestContext()
  audit = createAudit(context)
  // Far from the context's: what keys do must not follow that one.
  wallClock = new ManualClock(Date.UTC(2026, 10, 24, 12))
  access = createAccess(context, audit, wallClock)
})

afterEach(() => context.dispose())

function addAnalyst(pseudonym = 'A-01'): Promise<PersonView> {
  return access.addPerson(OPERATOR, {
    name: 'Astrid Berg',
    pseudonym,
    kind: 'person',
    roles: ['verifier', 'analyst', 'analyst'],
  })
}

describe('people', () => {
  it('are added, listed, given roles and deactivated', async () => {
    const person = await addAnalyst()
    expect(person).toEqual({
      id: person.id,
      pseudonym: 'A-01',
      name: 'Astrid Berg',
      kind: 'person',
      roles: ['analyst', 'verifier'],
      active: true,
      createdAt: '2026-11-02T08:00:00.000Z',
      owner: null,
    })
    expect((await access.setRoles(OPERATOR, person.id, ['officer'])).roles).toEqual(['officer'])
    const gone = await access.deactivate(OPERATOR, person.id)
    expect(gone.active).toBe(false)
    expect(await access.people()).toEqual([gone])
    const entries = await audit.entries({})
    expect(entries.map(({ action, subject, by }) => [action, subject, by])).toEqual([
      ['person.add', person.id, 'operator'],
      ['person.roles', person.id, 'operator'],
      ['person.deactivate', person.id, 'operator'],
    ])
  })

  it('have a pseudonym of their own, whatever its case', async () => {
    await addAnalyst('A-01')
    await expect(addAnalyst('a-01')).rejects.toMatchObject({ code: 'CONFLICT', field: 'pseudonym' })
    await expect(addAnalyst('Operator')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await access.people()).toHaveLength(1)
  })

  it('take one of two equal pseudonyms that come at once', async () => {
    const results = await Promise.allSettled([addAnalyst(), addAnalyst()])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await access.people()).toHaveLength(1)
  })

  it.each([
    ['name', { name: ' ' }],
    ['pseudonym', { pseudonym: 'A 01' }],
    ['kind', { kind: 'operator' }],
    ['roles.0', { roles: ['root'] }],
    ['roles', { kind: 'machine', roles: ['crawler', 'verifier'] }],
  ])('are refused with a bad %s', async (field, change) => {
    const person = { name: 'Bo', pseudonym: 'B-01', kind: 'person', roles: ['analyst'], ...change }
    const adding = access.addPerson(OPERATOR, person as Parameters<Access['addPerson']>[1])
    await expect(adding).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
  })

  it('cannot be changed once deactivated, and must exist', async () => {
    const { id } = await addAnalyst()
    await access.deactivate(OPERATOR, id)
    await expect(access.setRoles(OPERATOR, id, [])).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(access.deactivate(OPERATOR, id)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(access.createKey(OPERATOR, id, 'x')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(access.setRoles(OPERATOR, 'nobody', [])).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await audit.entries({})).toHaveLength(2)
  })

  it('as machines cannot be given what needs human eyes', async () => {
    const { id } = await access.addPerson(OPERATOR, {
      name: 'Crawler',
      pseudonym: 'crawler-1',
      kind: 'machine',
      roles: ['crawler'],
    })
    await expect(access.setRoles(OPERATOR, id, ['admin'])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'roles',
    })
  })
})

describe('keys', () => {
  it('open the door to their person, with the roles of now', async () => {
    const { id } = await addAnalyst()
    const key = await access.createKey(OPERATOR, id, 'laptop')
    expect(key.secret).toMatch(/^hk_[0-9a-f-]{36}_[A-Za-z0-9_-]{43}$/)
    expect(await access.authenticate(key.secret)).toEqual({
      id,
      pseudonym: 'A-01',
      kind: 'person',
      roles: ['analyst', 'verifier'],
      key: { id: key.id, source: null },
    })
    await access.setRoles(OPERATOR, id, ['statistics'])
    expect((await access.authenticate(key.secret)).roles).toEqual(['statistics'])
  })

  it('are refused alike: unknown, malformed, wrong, revoked, of an inactive person', async () => {
    const { id } = await addAnalyst()
    const key = await access.createKey(OPERATOR, id, 'laptop')
    const revoked = await access.createKey(OPERATOR, id, 'old')
    await access.revokeKey(OPERATOR, revoked.id)
    const other = await addAnalyst('A-02')
    const inactive = await access.createKey(OPERATOR, other.id, 'desk')
    await access.deactivate(OPERATOR, other.id)
    const unknown = key.secret.replace(key.id, context.newId())
    const wrong = `${key.secret.slice(0, -2)}${key.secret.endsWith('AA') ? 'BB' : 'AA'}`
    const refused = ['', 'hk_', 'Bearer', unknown, wrong, revoked.secret, inactive.secret]
    const messages = new Set<string>()
    for (const secret of refused) {
      const error = await access.authenticate(secret).catch((cause: unknown) => cause)
      expect(error, secret.slice(0, 3)).toMatchObject({ code: 'UNAUTHENTICATED' })
      messages.add((error as Error).message)
    }
    expect(messages.size).toBe(1)
    await expect(access.authenticate(key.secret)).resolves.toMatchObject({ id })
  })

  it('record their last use, at most once a minute', async () => {
    const { id } = await addAnalyst()
    const { secret } = await access.createKey(OPERATOR, id, 'laptop')
    const lastUsedAt = async () => (await access.keys())[0]?.lastUsedAt
    expect(await lastUsedAt()).toBeNull()
    await access.authenticate(secret)
    expect(await lastUsedAt()).toBe('2026-11-24T12:00:00.000Z')
    const version = context.store.version()
    wallClock.advance(59_999)
    await access.authenticate(secret)
    expect(await lastUsedAt()).toBe('2026-11-24T12:00:00.000Z')
    expect(context.store.version()).toBe(version)
    wallClock.advance(1)
    await access.authenticate(secret)
    expect(await lastUsedAt()).toBe('2026-11-24T12:01:00.000Z')
  })

  it('serve many requests at once', async () => {
    const { id } = await addAnalyst()
    const { secret } = await access.createKey(OPERATOR, id, 'laptop')
    const principals = await Promise.all(
      Array.from({ length: 20 }, () => access.authenticate(secret)),
    )
    expect(new Set(principals.map((principal) => principal.id))).toEqual(new Set([id]))
  })

  it('are revoked once', async () => {
    const { id } = await addAnalyst()
    const key = await access.createKey(OPERATOR, id, 'laptop')
    const revoked = await access.revokeKey(OPERATOR, key.id)
    expect(revoked.revokedAt).toBe('2026-11-24T12:00:00.000Z')
    await expect(access.revokeKey(OPERATOR, key.id)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await audit.entries({})).map(({ action }) => action)).toEqual([
      'person.add',
      'key.create',
      'key.revoke',
    ])
  })

  it('leave neither secret nor name nor label in the files or the audit log', async () => {
    const { id } = await addAnalyst()
    const key = await access.createKey(OPERATOR, id, 'green laptop')
    await access.authenticate(key.secret)
    const secret = key.secret.slice(-43)
    expect(JSON.stringify([await access.keys(), await audit.entries({})])).not.toContain(secret)
    const files = storedText(context.directory)
    expect(files).toContain('A-01')
    for (const hidden of [secret, 'Astrid', 'green laptop']) expect(files).not.toContain(hidden)
  })
})
