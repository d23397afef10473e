import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OPERATOR, type Principal } from '../../src/access/index.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import { createRegister, type Item, type Register } from '../../src/register/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { storedText } from '../stored-text.ts'
import { filmOf, person, pictureOf } from './material.ts'

const ANNA = person('anna')
const BO = person('bo')
const MACHINE: Principal = { ...person('robot'), kind: 'machine' }

const NOTHING_SAID = {
  source: null,
  sourceReference: null,
  jurisdiction: null,
  ageBand: null,
  siteType: null,
  commerciality: null,
  victimIdentified: null,
  selfGenerated: null,
  policeReference: null,
  ucs: [],
}

let context: TestContext
let audit: Audit
let register: Register

beforeEach(async () => {
  context = await openTestContext()
  audit = createAudit(context)
  register = createRegister(context, audit)
})

afterEach(() => context.dispose())

function propose(seed: number, by = ANNA): Promise<Item> {
  return register.propose(by, { fingerprint: pictureOf(seed), classification: 'Baseline' })
}

function step(name: 'verify' | 'dispute' | 'retract', by: Principal, id: string, reason = 'seen') {
  return context.store.transact((tx) => register[name](tx, by, { itemId: id }, reason))
}

async function allIndexedIds(): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of register.allIndexed()) ids.push(id)
  return ids
}

describe('an item', () => {
  it('is proposed by one person and verified by another', async () => {
    const proposed = await register.propose(ANNA, {
      fingerprint: pictureOf(1, 88),
      classification: 'National',
      description: { reference: 'list 7', note: 'series B' },
    })
    expect(proposed).toEqual({
      id: proposed.id,
      kind: 'image',
      status: 'proposed',
      classification: 'National',
      matching: 'review',
      ceiling: 'no second person has verified the item yet',
      heldBy: 'proposed',
      quality: 88,
      series: null,
      quarantinedAt: null,
      joined: [],
      entries: [
        {
          id: expect.any(String) as string,
          list: 'own',
          listKind: 'own',
          status: 'proposed',
          classification: 'National',
          hashTypes: ['sha256', 'sha1', 'md5', 'pdq'],
          evidence: 'picture',
          hasher: { name: 'pdq-fullres', version: '1' },
          quality: 88,
          disabledUntil: null,
          proposedBy: 'anna',
          proposedAt: '2026-11-02T08:00:00.000Z',
          verifiedBy: null,
          verifiedAt: null,
          onePerson: false,
          retractedBy: null,
          findings: [],
          feedback: [],
          ...NOTHING_SAID,
          reference: 'list 7',
          note: 'series B',
        },
      ],
    })
    const [entry] = proposed.entries
    context.clock.advance(1000)
    const verified = await context.store.transact((tx) =>
      register.verify(tx, BO, { itemId: proposed.id }),
    )
    expect(verified).toEqual({
      ...proposed,
      status: 'verified',
      matching: 'automatic',
      ceiling: null,
      heldBy: null,
      entries: [
        {
          ...entry,
          status: 'verified',
          verifiedBy: 'bo',
          verifiedAt: '2026-11-02T08:00:01.000Z',
        },
      ],
    })
    expect(await register.get(proposed.id)).toEqual(verified)
    const event = { entryId: entry?.id, list: 'own', detail: null }
    expect(await register.history(proposed.id)).toEqual([
      {
        ...event,
        at: entry?.proposedAt,
        by: 'anna',
        action: 'propose',
        from: null,
        to: 'proposed',
        reason: null,
      },
      {
        ...event,
        at: '2026-11-02T08:00:01.000Z',
        by: 'bo',
        action: 'verify',
        from: 'proposed',
        to: 'verified',
        reason: null,
      },
    ])
  })

  it('that is a film has the quality of its best frame', async () => {
    const fingerprint = filmOf(1, [0, 70, 40])
    const film = await register.propose(ANNA, { fingerprint, classification: 'Baseline' })
    expect(film).toMatchObject({ kind: 'film', quality: 70 })
  })

  it('goes through its life, with who and why kept', async () => {
    const { id } = await propose(1)
    await step('verify', BO, id)
    await step('dispute', BO, id, ' the wrong series ')
    await step('verify', BO, id, 'looked again')
    await step('dispute', ANNA, id)
    const retracted = await step('retract', ANNA, id, 'adult')
    expect(retracted).toMatchObject({
      status: 'retracted',
      matching: 'none',
      entries: [{ verifiedBy: 'bo' }],
    })
    expect((await register.history(id)).map(({ by, to, reason }) => [by, to, reason])).toEqual([
      ['anna', 'proposed', null],
      ['bo', 'verified', 'seen'],
      ['bo', 'disputed', 'the wrong series'],
      ['bo', 'verified', 'looked again'],
      ['anna', 'disputed', 'seen'],
      ['anna', 'retracted', 'adult'],
    ])
    const entries = await audit.entries({})
    expect(entries.map(({ by, action, subject }) => [by, action, subject])).toEqual([
      ['anna', 'item.propose', id],
      ['bo', 'item.verify', id],
      ['bo', 'item.dispute', id],
      ['bo', 'item.verify', id],
      ['anna', 'item.dispute', id],
      ['anna', 'item.retract', id],
    ])
    expect(entries.at(-1)?.detail).toEqual({
      list: 'own',
      entryId: retracted.entries[0]?.id,
      from: 'disputed',
      to: 'retracted',
      classification: 'Baseline',
    })
  })

  it('takes no step that its state does not allow', async () => {
    const allowed = {
      proposed: ['verify', 'retract'],
      verified: ['dispute', 'retract'],
      disputed: ['verify', 'retract'],
      retracted: [],
    } as const
    const way = { proposed: [], verified: ['verify'], disputed: ['verify', 'dispute'] } as const
    let seed = 0
    for (const [status, steps] of Object.entries({ ...way, retracted: ['retract'] as const })) {
      for (const name of ['verify', 'dispute', 'retract'] as const) {
        seed += 1
        const { id } = await propose(seed)
        for (const before of steps) await step(before, BO, id)
        const before = await register.history(id)
        const taking = step(name, BO, id)
        if ((allowed[status as keyof typeof allowed] as readonly string[]).includes(name)) {
          await taking
          continue
        }
        await expect(taking, `${name} when ${status}`).rejects.toMatchObject({ code: 'CONFLICT' })
        expect(await register.history(id)).toEqual(before)
      }
    }
    expect(seed).toBe(12)
  })

  it('is retracted by two persons where the settings want that of what was verified', async () => {
    const strict = createRegister(context, audit, undefined, { retractionFourEyes: true })
    const retract = (by: Principal, id: string) =>
      context.store.transact((tx) => strict.retract(tx, by, { itemId: id }, 'adult'))
    const [waiting, first] = [await propose(1), await propose(2)]
    expect(await retract(BO, waiting.id)).toMatchObject({ status: 'retracted' })
    await step('verify', BO, first.id)
    // Stops deciding at once; the same person cannot finish it, another can.
    expect(await retract(BO, first.id)).toMatchObject({ status: 'disputed', matching: 'review' })
    await expect(retract(BO, first.id)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    expect(await retract(ANNA, first.id)).toMatchObject({ status: 'retracted' })
    const history = (await register.history(first.id)).map(({ by, action }) => `${by} ${action}`)
    expect(history.slice(-2)).toEqual(['bo dispute', 'anna retract'])

    const again = await propose(3)
    await step('verify', BO, again.id)
    await retract(BO, again.id)
    await step('verify', BO, again.id)
    expect(await register.get(again.id)).toMatchObject({ entries: [{ disputedBy: null }] })
  })

  it('is verified by no machine, no operator, and never by its proposer', async () => {
    const { id } = await propose(1)
    await expect(step('verify', ANNA, id)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    await expect(step('verify', MACHINE, id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(step('verify', OPERATOR, id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await step('verify', BO, id)
    await step('dispute', BO, id)
    await expect(step('verify', ANNA, id)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    expect(await register.get(id)).toMatchObject({
      status: 'disputed',
      entries: [{ verifiedBy: 'bo' }],
    })
  })

  it('is there once: the same bytes again name it, unless it was retracted', async () => {
    const { id } = await propose(1)
    await expect(propose(1, BO)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(id) as string,
    })
    await step('retract', BO, id)
    const again = await propose(1, BO)
    expect(again).toMatchObject({ status: 'proposed', entries: [{ proposedBy: 'bo' }] })
    await expect(propose(1)).rejects.toThrow(again.id)
    expect(await register.get(id)).toMatchObject({ status: 'retracted' })
  })

  it('is there once also when two propose it at once', async () => {
    const results = await Promise.allSettled([propose(1), propose(1, BO)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await register.list({})).toHaveLength(1)
  })

  it.each([
    ['classification', { classification: 'Doubtful' }],
    ['hashes', { fingerprint: { kind: 'image', views: [] } }],
    ['reference', { description: { reference: 'x'.repeat(257) } }],
    ['note', { description: { note: 'x'.repeat(4001) } }],
    ['ageBand', { description: { ageBand: 'teenager' } }],
    ['jurisdiction', { description: { jurisdiction: 'Sweden' } }],
    ['key', { key: 'a\nb' }],
    ['sourceReference', { description: { sourceReference: 'a\r\nb' } }],
    ['policeReference', { description: { policeReference: 'a\u2028b' } }],
    ['reference', { description: { reference: 'a\0b' } }],
    ['ucs', { description: { ucs: ['a\ud800b'] } }],
  ])('is refused with a bad %s', async (field, change) => {
    const input = { fingerprint: pictureOf(1), classification: 'Baseline', ...change }
    const proposing = register.propose(ANNA, input as Parameters<Register['propose']>[1])
    await expect(proposing).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
    expect(await audit.entries({})).toEqual([])
  })

  it('is disputed and retracted with a reason only', async () => {
    const { id } = await propose(1)
    for (const reason of ['', '  ', 'x'.repeat(4001)]) {
      await expect(step('retract', BO, id, reason)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        field: 'reason',
      })
    }
  })

  it('must exist', async () => {
    for (const name of ['verify', 'dispute', 'retract'] as const) {
      await expect(step(name, BO, 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
    await expect(register.get('none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(register.history('none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('the register', () => {
  it('lists by status and page', async () => {
    const items: Item[] = []
    for (let seed = 0; seed < 5; seed += 1) items.push(await propose(seed))
    const ids = items.map(({ id }) => id)
    await step('verify', BO, ids[1] ?? '')
    await step('verify', BO, ids[3] ?? '')
    const listed = async (filter: Parameters<Register['list']>[0]) =>
      (await register.list(filter)).map(({ id }) => ids.indexOf(id))
    expect(await listed({})).toEqual([0, 1, 2, 3, 4])
    expect(await listed({ status: 'verified' })).toEqual([1, 3])
    expect(await listed({ status: 'proposed', limit: 2 })).toEqual([0, 2])
    expect(await listed({ status: 'proposed', after: ids[2] ?? '', limit: 2 })).toEqual([4])
    expect(await listed({ limit: 0 })).toEqual([])
    expect(JSON.stringify(await register.list({}))).not.toContain('fingerprint')
  })

  it('knows what can match: not what was retracted, not what is to be ignored', async () => {
    const kept = await propose(1)
    const retracted = await propose(2)
    await step('retract', BO, retracted.id)
    const ignored = await register.propose(ANNA, {
      fingerprint: pictureOf(3),
      classification: 'Ignore',
    })
    const known = (id: string) => context.store.transact((tx) => register.known(tx, id))
    expect(await known(kept.id)).toMatchObject({
      matching: 'review',
      fingerprints: [pictureOf(1)],
    })
    expect(await known(ignored.id)).toMatchObject({ matching: 'none' })
    for (const id of [retracted.id, 'none']) expect(await known(id)).toBeUndefined()
    expect(await allIndexedIds()).toEqual([kept.id])
  })

  it('goes through all of many items', async () => {
    const ids: string[] = []
    for (let seed = 0; seed < 120; seed += 1) ids.push((await propose(seed)).id)
    expect(await allIndexedIds()).toEqual(ids)
  })

  it('leaves no hash, reference, note or reason in the files', async () => {
    const fingerprint = pictureOf(1)
    const { id } = await register.propose(ANNA, {
      fingerprint,
      classification: 'Baseline',
      description: { reference: 'list seven', note: 'blue room' },
    })
    await step('retract', BO, id, 'a mistake of ours')
    const files = storedText(context.directory)
    expect(files).toContain('Baseline')
    const { md5, sha1, sha256, views } = fingerprint
    const hex = [md5, sha1, sha256, ...views.map(({ pdq }) => pdq)]
    const raw = hex.map((hash) => Buffer.from(hash, 'hex').toString('latin1'))
    for (const text of [...hex, ...raw, 'list seven', 'blue room', 'a mistake of ours']) {
      expect(files.includes(text)).toBe(false)
    }
  })
})
