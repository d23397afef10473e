import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Access, createAccess, type NewKey, OPERATOR } from '../../src/access/index.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import { HOUR_MS, ManualClock } from '../../src/core/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { storedText } from '../stored-text.ts'

const DAY_MS = 24 * HOUR_MS

let context: TestContext
let audit: Audit
let access: Access
let wallClock: ManualClock
let personId: string

beforeEach(async () => {
  context = await openTestContext()
  audit = createAudit(context)
  wallClock = new ManualClock(Date.UTC(2026, 10, 24, 12))
  access = createAccess(context, audit, wallClock)
  const person = await access.addPerson(OPERATOR, {
    name: 'Crawlers of the north',
    pseudonym: 'C-01',
    kind: 'machine',
    roles: ['crawler', 'pipeline'],
  })
  personId = person.id
})

afterEach(() => context.dispose())

function create(scope: Parameters<Access['createKey']>[3] = {}): Promise<NewKey> {
  return access.createKey(OPERATOR, personId, 'rack 3', scope)
}

async function opens({ secret }: NewKey): Promise<boolean> {
  try {
    await access.authenticate(secret)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED' })
    return false
  }
}

describe('the scope of a key', () => {
  it('gives the roles that person and key have in common, at each use anew', async () => {
    const key = await create({ roles: ['crawler'] })
    expect(key.roles).toEqual(['crawler'])
    const roles = async () => (await access.authenticate(key.secret)).roles
    expect(await roles()).toEqual(['crawler'])
    await access.setRoles(OPERATOR, personId, ['pipeline'])
    expect(await roles()).toEqual([])
    await access.setRoles(OPERATOR, personId, ['pipeline', 'crawler'])
    expect(await roles()).toEqual(['crawler'])
  })

  it('names the source of its sightings', async () => {
    const key = await create({ source: 'north-3' })
    expect((await access.authenticate(key.secret)).key).toEqual({ id: key.id, source: 'north-3' })
    expect(await access.keys()).toMatchObject([{ source: 'north-3', roles: null }])
  })

  it.each([
    ['roles', { roles: ['analyst' as const] }],
    ['roles', { roles: [] }],
    ['source', { source: 'North 3' }],
    ['source', { source: '' }],
    ['source', { source: 'a'.repeat(65) }],
    ['expiresInDays', { expiresInDays: 0 }],
    ['expiresInDays', { expiresInDays: 3_651 }],
  ])('is refused with a bad %s', async (field, scope) => {
    await expect(create(scope)).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
    expect(await access.keys()).toEqual([])
  })

  it('stands in the audit log', async () => {
    const key = await create({ roles: ['crawler'], source: 'north-3', expiresInDays: 1 })
    const entries = await audit.entries({})
    expect(entries.at(-1)).toMatchObject({
      action: 'key.create',
      subject: key.id,
      detail: {
        person: personId,
        roles: 'crawler',
        source: 'north-3',
        expiresAt: '2026-11-25T12:00:00.000Z',
      },
    })
  })
})

describe('expiry', () => {
  it('follows the real clock, never that of the demonstration', async () => {
    const key = await create({ expiresInDays: 30 })
    expect(key.expiresAt).toBe('2026-12-24T12:00:00.000Z')
    context.clock.advance(400 * DAY_MS)
    expect(await opens(key)).toBe(true)
    wallClock.advance(30 * DAY_MS - 1)
    expect(await opens(key)).toBe(true)
    wallClock.advance(1)
    expect(await opens(key)).toBe(false)
    await expect(access.rotateKey(OPERATOR, key.id, 1)).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('rotation', () => {
  it('makes a new secret for the same key; the old one is good for the overlap, then dead', async () => {
    const old = await create({ source: 'north-3', roles: ['crawler'] })
    const fresh = await access.rotateKey(OPERATOR, old.id, 48)
    expect(fresh).toMatchObject({
      id: old.id,
      source: 'north-3',
      roles: ['crawler'],
      rotatedAt: '2026-11-24T12:00:00.000Z',
      overlapEndsAt: '2026-11-26T12:00:00.000Z',
    })
    expect(fresh.secret).not.toBe(old.secret)
    expect(await access.authenticate(old.secret)).toEqual(await access.authenticate(fresh.secret))
    wallClock.advance(2 * DAY_MS - 1)
    expect([await opens(old), await opens(fresh)]).toEqual([true, true])
    wallClock.advance(1)
    expect([await opens(old), await opens(fresh)]).toEqual([false, true])
  })

  it('without overlap ends the old secret at once', async () => {
    const old = await create()
    const fresh = await access.rotateKey(OPERATOR, old.id, 0)
    expect([await opens(old), await opens(fresh)]).toEqual([false, true])
    expect(fresh.overlapEndsAt).toBeNull()
  })

  it('leaves at most two secrets: the one before the last dies when rotated again', async () => {
    const first = await create()
    const second = await access.rotateKey(OPERATOR, first.id, 48)
    const third = await access.rotateKey(OPERATOR, first.id, 48)
    expect([await opens(first), await opens(second), await opens(third)]).toEqual([
      false,
      true,
      true,
    ])
  })

  it('ends with the revocation: both secrets die at once', async () => {
    const old = await create()
    const fresh = await access.rotateKey(OPERATOR, old.id, 48)
    await access.revokeKey(OPERATOR, old.id)
    expect([await opens(old), await opens(fresh)]).toEqual([false, false])
    await expect(access.rotateKey(OPERATOR, old.id, 1)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('never outlives the expiry of the key', async () => {
    const old = await create({ expiresInDays: 1 })
    const fresh = await access.rotateKey(OPERATOR, old.id, 720)
    wallClock.advance(DAY_MS)
    expect([await opens(old), await opens(fresh)]).toEqual([false, false])
  })

  it.each([-1, 721, Number.NaN])('refuses %s hours', async (hours) => {
    const { id } = await create()
    await expect(access.rotateKey(OPERATOR, id, hours)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'overlapHours',
    })
  })

  it('is audited, and leaves no secret in the files', async () => {
    const old = await create()
    const fresh = await access.rotateKey(OPERATOR, old.id, 48)
    await access.authenticate(old.secret)
    expect((await audit.entries({})).map(({ action }) => action)).toEqual([
      'person.add',
      'key.create',
      'key.rotate',
    ])
    const files = storedText(context.directory)
    for (const key of [old, fresh]) expect(files).not.toContain(key.secret.slice(-43))
  })
})
