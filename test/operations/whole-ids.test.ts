import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { ManualClock } from '../../src/core/index.ts'
import { callsFor } from '../../src/operations/index.ts'
import { withWholeIds, idOf } from '../../src/operations/whole-ids.ts'
import { idsThatBegin, keySpace } from '../../src/store/index.ts'
import { z } from 'zod'
import { openTestContext } from '../context.ts'
import { type Api, faceOf, startApi } from '../http/api.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.dispose())

async function callsOf(...roles: Principal['roles']) {
  const { key } = await api.keyOf(...roles)
  return callsFor(faceOf(api).parts, await api.engine.authenticate(key))
}

it('eight characters of an id are enough for a case, a tip and a person, and the audit has the whole', async () => {
  const analyst = await callsOf('analyst', 'auditor', 'intake')
  const { id } = await analyst.assessments.assess({
    url: 'hxxps://host[.]example/a.jpg',
    classification: 'Baseline',
    reason: 'seen',
    pageItself: true,
  })
  const shown = await analyst.cases.show({ id: id.slice(0, 8).toUpperCase() })
  expect(shown).toMatchObject({ id, url: 'https://host.example/a.jpg' })
  const [reading] = (await analyst.audit.list({ limit: 100 })).filter(
    ({ action }) => action === 'case.read',
  )
  expect(reading?.subject).toBe(id)

  const tip = { url: 'hxxp://host(.)example/page', pageUrl: 'hxxps://host[dot]example/' }
  const taken = await analyst.tips.submit(tip)
  if (!('id' in taken)) throw new Error('one tip was sent')
  expect(await analyst.tips.show({ id: taken.id.slice(0, 13) })).toMatchObject({
    url: 'http://host.example/page',
    pageUrl: 'https://host.example/',
  })

  const admin = await callsOf('admin')
  const { id: machine } = await api.keyOf('crawler')
  const clash = admin.people.deactivate({ id: machine.slice(0, 8) })
  await expect(clash).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'id' })
  await expect(clash).rejects.toThrow(/^id: \d ids \(person\) begin with [\da-f]{8}: .* \d\d? char/)
  expect(await admin.people.deactivate({ id: machine })).toMatchObject({ active: false })
})

it('a beginning of no record, and one that is too short, are no record', async () => {
  const analyst = await callsOf('analyst')
  for (const id of ['ffffffff', 'ffff', '../../..']) {
    const refused = { code: id.startsWith('f') ? 'NOT_FOUND' : 'INVALID_INPUT' }
    await expect(analyst.cases.show({ id })).rejects.toMatchObject(refused)
  }
})

it('who may not see cases is not told how many there are', async () => {
  const crawler = await callsOf('crawler')
  const asked = crawler.cases.show({ id: '01900000' })
  await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

it('of cases that were written in one minute it says how many there are, and what tells them apart', async () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 28))
  const context = await openTestContext({ clock })
  const schema = z.strictObject({ id: idOf('case'), other: z.string() })
  const cases = keySpace('case')
  const write = async (count: number) => {
    const ids = Array.from({ length: count }, () => {
      clock.advance(3)
      return context.newId()
    })
    await context.store.transact((tx) => {
      for (const id of ids) tx.put(cases(id), new Uint8Array())
      return Promise.resolve()
    })
    return ids
  }
  const idsOf = (kind: string, beginning: string, limit: number) =>
    context.store.read((tx) => idsThatBegin(tx, kind, beginning, { limit }))
  const ask = (id: string) => withWholeIds(idsOf, schema, { id, other: 'x' })
  const [first = ''] = await write(40)
  const beginning = first.slice(0, 8)
  const refused = String(await ask(beginning).catch((error: unknown) => error))
  expect(refused).toContain(`id: 40 ids (case) begin with ${beginning}:`)
  const [, enough = ''] = /(\d+) characters tell these apart/.exec(refused) ?? []
  expect(await ask(first.slice(0, Number(enough)))).toEqual({ id: first, other: 'x' })
  expect(await ask(first)).toEqual({ id: first, other: 'x' })
  await write(1_000)
  await expect(ask(beginning)).rejects.toThrow(/more than 1,000 ids .* 13 characters are one milli/)
  await context.dispose()
})
