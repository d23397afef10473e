import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { AuditEntry } from '../../src/audit/index.ts'
import type { Item } from '../../src/register/index.ts'
import { type Api, problem, startApi } from './api.ts'

/** What becomes of what a client of HMA adds, and who learns of what it reads. */
let api: Api
let person: { id: string; key: string }
let curator: { id: string; key: string }
let auditor: string

beforeAll(async () => {
  api = await startApi()
  person = await api.keyOf('hma-curator', 'verifier')
  curator = await api.keyOf('hma-curator')
  auditor = (await api.keyOf('auditor')).key
  const { key } = await api.keyOf('officer')
  const list = { name: 'alone', kind: 'own', fourEyes: false }
  expect((await api.call('POST', '/v1/lists', { key, body: list })).status).toBe(201)
})
afterAll(() => api.dispose())

interface Added {
  readonly status: number
  readonly id: number
}

async function add(bank: string, media: Uint8Array, key: string): Promise<Added> {
  const body = new FormData()
  body.append('photo', new Blob([Uint8Array.from(media)]), 'a.jpg')
  const answer = await fetch(`${api.url}/hma/c/bank/${bank}/content`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${key}` },
  })
  return { status: answer.status, id: ((await answer.json()) as { id: number }).id }
}

/** What HMA says until when it is disabled: 1 is matched, 0 is not. */
async function disabled(bank: string, { id }: Added): Promise<unknown> {
  const path = `/hma/c/bank/${bank}/content/${String(id)}`
  const { body } = await api.call('GET', path, { key: person.key })
  return (body as { disable_until_ts: number }).disable_until_ts
}

const items = async () =>
  (await api.call('GET', '/v1/items', { key: auditor })).body as readonly Item[]

async function audited(action: string): Promise<readonly AuditEntry[]> {
  const { body } = await api.call('GET', '/v1/audit?limit=1000', { key: auditor })
  return (body as readonly AuditEntry[]).filter((entry) => entry.action === action)
}

describe('a list that one person may fill', () => {
  it('holds as verified what a person adds who may verify, and says that one person did', async () => {
    const media = await sceneJpeg(71, { width: 320, height: 240 })
    const added = await add('alone', media, person.key)
    expect([added.status, await disabled('alone', added)]).toEqual([200, 1])
    const entries = (await items()).flatMap((item) => item.entries)
    const entry = entries.find(({ list }) => list === 'alone')
    expect(entry).toMatchObject({ status: 'verified', onePerson: true, verifiedBy: person.id })
    const found = await api.call('GET', `/hma/m/lookup?${await signalOf(media)}`, person)
    expect(found.body).toEqual({ alone: [{ bank_content_id: added.id, distance: '0' }] })
  })

  it('holds as proposed what anybody else adds, and every list that is not such a one', async () => {
    const size = { width: 320, height: 240 }
    const others = [
      ['alone', curator.key, 72],
      ['own', person.key, 73],
    ] as const
    for (const [bank, key, seed] of others) {
      const media = await sceneJpeg(seed, size)
      const added = await add(bank, media, key)
      expect([bank, seed, added.status, await disabled(bank, added)]).toEqual([bank, seed, 200, 0])
      const found = await api.call('GET', `/hma/m/lookup?${await signalOf(media)}`, person)
      expect(found.body).toEqual({})
    }
  })

  it('holds as proposed what has findings: somebody must have looked', async () => {
    const added = await add('alone', await sceneJpeg(75, { width: 60, height: 60 }), person.key)
    expect([added.status, await disabled('alone', added)]).toEqual([200, 0])
    const item = (await items()).find(({ entries }) => (entries[0]?.findings.length ?? 0) > 0)
    const verify = { key: (await api.keyOf('verifier')).key, body: {} }
    const refused = await api.call('POST', `/v1/items/${item?.id ?? ''}/verify`, verify)
    expect(problem(refused).code).toBe('FINDINGS_OPEN')
  })

  it('refuses the same file again, and stays as it is', async () => {
    const media = await sceneJpeg(71, { width: 320, height: 240 })
    const before = await items()
    expect((await add('alone', media, person.key)).status).toBe(409)
    expect(await items()).toEqual(before)
  })
})

describe('the audit of what is read', () => {
  it('has an entry for each item that a lookup told of, and for content that was shown', async () => {
    const before = [await audited('hma.hit'), await audited('hma.content')]
    const query = await signalOf(await sceneJpeg(71, { width: 320, height: 240 }))
    await api.call('GET', `/hma/m/lookup?${query}`, person)
    await api.call('GET', `/hma/m/lookup?${query}`, { key: (await api.keyOf('hma-client')).key })
    await api.call('GET', `/hma/m/lookup?signal_type=pdq&signal=${'0f'.repeat(32)}`, person)
    const hits = (await audited('hma.hit')).slice(before[0]?.length)
    expect(hits.map(({ detail }) => detail)).toEqual([{ evidence: true }, { evidence: false }])
    expect(hits[0]).toMatchObject({ by: person.id })
    expect((await items()).map(({ id }) => id)).toContain(hits[0]?.subject)
    const shown = before[1]?.map(({ by, subject }) => [by, subject])
    expect(new Set(shown?.map(String))).toEqual(new Set([`${person.id},alone`, `${person.id},own`]))
  })
})

async function signalOf(media: Uint8Array): Promise<string> {
  const body = new FormData()
  body.append('photo', new Blob([Uint8Array.from(media)]), 'a.jpg')
  const headers = { authorization: `Bearer ${person.key}` }
  const answer = await fetch(`${api.url}/hma/h/hash`, { method: 'POST', body, headers })
  return `signal_type=pdq&signal=${((await answer.json()) as { pdq: string }).pdq}`
}
