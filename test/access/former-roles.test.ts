import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Access,
  allows,
  createAccess,
  type KeyScope,
  OPERATOR,
  type Role,
} from '../../src/access/index.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import { Collection, keySpace } from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'

let context: TestContext
let audit: Audit
let access: Access
let people = 0

beforeEach(async () => {
  context = await openTestContext()
  audit = createAudit(context)
  access = createAccess(context, audit, context.clock)
})
afterEach(() => context.dispose())

async function add(kind: 'person' | 'machine', ...roles: Role[]): Promise<string> {
  people += 1
  const pseudonym = `P-${String(people)}`
  return (await access.addPerson(OPERATOR, { name: pseudonym, pseudonym, kind, roles })).id
}

/** Rewrites it as versions before `sighting:verdict` wrote it. */
async function age(name: 'person' | 'key', id: string): Promise<void> {
  const records = new Collection<{ roleTable?: number }, object>(keySpace(name), context.sealer)
  await context.store.transact(async (tx) => {
    const { clear, sealed } = await records.need(tx, id)
    const { roleTable, ...before } = clear
    expect(roleTable).toBe(2)
    records.put(tx, id, before, sealed)
  })
}

async function isTold(secret: string): Promise<boolean> {
  const by = await access.authenticate(secret)
  expect(allows(by, 'sighting:submit')).toBe(true)
  return allows(by, 'sighting:verdict')
}

const key = (id: string, scope: KeyScope = {}) => access.createKey(OPERATOR, id, 'rack', scope)
const cautions = () => context.store.transact((tx) => access.accessCautions(tx))

describe('crawlers', () => {
  it('are told no verdicts unless somebody grants it', async () => {
    const id = await add('machine', 'crawler')
    const { secret } = await key(id)
    expect(await isTold(secret)).toBe(false)
    await access.setRoles(OPERATOR, id, ['crawler', 'crawler-verdict'])
    expect(await isTold(secret)).toBe(true)
    // Key by key: one that is narrowed to the submitting is told none.
    expect(await isTold((await key(id, { roles: ['crawler'] })).secret)).toBe(false)
    expect(await cautions()).toMatchObject({ formerVerdicts: [], grantedVerdicts: [{ id }] })
    await access.withholdVerdicts(OPERATOR, id)
    expect(await isTold(secret)).toBe(false)
  })

  it('of before keep what they had, keys too, until somebody ends it', async () => {
    const id = await add('machine', 'crawler', 'pipeline')
    const [whole, narrow] = [await key(id), await key(id, { roles: ['crawler'] })]
    await age('person', id)
    await age('key', whole.id)
    await age('key', narrow.id)
    expect([await isTold(whole.secret), await isTold(narrow.secret)]).toEqual([true, true])
    expect(await cautions()).toMatchObject({ formerVerdicts: [{ id }], grantedVerdicts: [] })
    expect(await access.people()).toMatchObject([
      { roles: ['crawler', 'crawler-verdict', 'pipeline'] },
    ])
    // A secret that was changed is the same key.
    await access.rotateKey(OPERATOR, narrow.id, 0).then(async ({ secret }) => {
      expect(await isTold(secret)).toBe(true)
    })
    // One that is made now was narrowed knowing what that means.
    expect(await isTold((await key(id, { roles: ['crawler'] })).secret)).toBe(false)

    const ended = await access.withholdVerdicts(OPERATOR, id)
    expect(ended.roles).toEqual(['crawler', 'pipeline'])
    expect(await isTold(whole.secret)).toBe(false)
    expect(await cautions()).toMatchObject({ formerVerdicts: [], grantedVerdicts: [] })
    expect((await audit.entries({})).at(-1)).toMatchObject({
      action: 'person.verdicts-end',
      subject: id,
      detail: { roles: 'crawler pipeline' },
    })
    await expect(access.withholdVerdicts(OPERATOR, id)).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('the owner of a machine', () => {
  const behind = (id: string) => context.store.transact((tx) => access.behind(tx, id))

  it('is named at once or later, and stays behind what it did before', async () => {
    const [anna, bo] = [await add('person'), await add('person')]
    const machine = await add('machine', 'hma-curator')
    expect(await cautions()).toMatchObject({ ownerless: [{ id: machine }] })
    expect(await behind(machine)).toEqual([])
    await access.own(OPERATOR, machine, anna)
    expect(await access.own(OPERATOR, machine, bo)).toMatchObject({ owner: bo })
    expect(await behind(machine)).toEqual([anna, bo])
    expect([await behind(anna), await behind('nobody')]).toEqual([[anna], ['nobody']])
    expect(await cautions()).toMatchObject({ ownerless: [] })
    const other = { name: 'R', pseudonym: 'R-9', kind: 'machine', roles: [], owner: anna } as const
    expect(await access.addPerson(OPERATOR, other)).toMatchObject({ owner: anna })
    expect((await audit.entries({})).map(({ action, detail }) => [action, detail])).toContainEqual([
      ...['person.own', { owner: bo, before: anna }],
    ])
  })

  it('is an active person, and of a machine', async () => {
    const [anna, machine] = [await add('person'), await add('machine')]
    const wrong = { code: 'INVALID_INPUT', field: 'owner' }
    await expect(access.own(OPERATOR, machine, machine)).rejects.toMatchObject(wrong)
    await expect(access.own(OPERATOR, anna, anna)).rejects.toMatchObject(wrong)
    const person = { name: 'B', pseudonym: 'B-9', kind: 'person', roles: [], owner: anna } as const
    await expect(access.addPerson(OPERATOR, person)).rejects.toMatchObject(wrong)
    await access.deactivate(OPERATOR, anna)
    const gone = access.own(OPERATOR, machine, anna)
    await expect(gone).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})
