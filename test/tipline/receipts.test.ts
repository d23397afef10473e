import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tip } from '../../src/intake/index.ts'
import type { Errand } from '../../src/takedown/index.ts'
import type { ReceiptView, ThreadView } from '../../src/tipline/index.ts'
import { TIPLINE_SENTENCES, TIPLINE_STATES } from '../../src/tipline/terms.ts'
import { type Api, problem, startApi } from '../http/api.ts'
import { openPage, type Page, solved } from './house.ts'

let api: Api
let page: Page
let analyst: string

beforeAll(async () => {
  api = await startApi({
    'tipline.workBits': 8,
    'tipline.waitSeconds': 1,
    'tipline.callerTipsPerHour': 2,
    'tipline.callerWrongReceiptsPerHour': 3,
    'tipline.sharedAddresses': ['203.0.113.0/24'],
  })
  page = await openPage(api)
  analyst = (await api.keyOf('analyst')).key
})
afterAll(() => api.dispose())

const look = async (receipt: string) => (await page.post('look', { receipt })).body as ReceiptView
const asAnalyst = (method: string, path: string, body?: object) =>
  api.call(method, path, { key: analyst, ...(body && { body }) })
const newest = async () => ((await asAnalyst('GET', '/v1/tips')).body as Tip[]).at(-1)

describe('whoever tips without an account', () => {
  it('gets 16 digits, and reads by them in plain words how it stands', async () => {
    const receipt = await page.tell({ words: 'En man frågar flickor', category: 'grooming' })
    expect(receipt).toMatch(/^\d{4} \d{4} \d{4} \d{4}$/)
    const seen = await look(receipt.replaceAll(' ', ''))
    expect(seen).toMatchObject({ state: 'received', language: 'sv', isKept: false, messages: [] })
    expect(seen.says).toBe('Vi har fått ditt tips. Tack för att du berättade.')
    expect(Object.keys(seen).sort()).toEqual(
      [
        ...['canWithdraw', 'isKept', 'language', 'messages', 'messagesLeft', 'receivedAt', 'says'],
        ...['state', 'urlsLeft'],
      ].sort(),
    )
    const english = await page.post('look', { receipt, language: 'en' })
    expect(english.body).toMatchObject({ says: TIPLINE_SENTENCES.en.states.received })
    expect((await page.post('keep', { receipt })).body).toMatchObject({ isKept: true })
  })

  it('may tell a URL with words, which an analyst reads beside it', async () => {
    const words = 'Det är en tjej i min klass'
    await page.tell({ url: 'https://told.example/a.jpg', words, category: 'abuse', account: '@x' })
    expect(await newest()).toMatchObject({
      url: 'https://told.example/a.jpg',
      source: 'public',
      note: `Det gäller: sexuella övergrepp mot ett barn\nKonto: @x\n${words}`,
    })
  })

  it('is heard and answered; what was written waits for a person until it is', async () => {
    const told = { words: 'In a game', category: 'grooming', language: 'en' }
    const receipt = await page.tell(told)
    const { id = '' } = (await newest()) ?? {}
    const waiting = async () =>
      ((await asAnalyst('GET', '/v1/waiting')).body as Errand[]).filter(({ about }) => about === id)
    expect(await waiting()).toEqual([])

    const written = await page.post('messages', { receipt, text: 'His name there is @wolf' })
    expect(written.body).toMatchObject({
      isKept: true,
      messagesLeft: 39,
      messages: [{ from: 'sender', text: 'His name there is @wolf' }],
    })
    await page.post('messages', { receipt, text: 'and he is 40' })
    expect(await waiting()).toMatchObject([{ kind: 'tip-message' }])
    const thread = await asAnalyst('GET', `/v1/tips/${id}/messages`)
    expect(thread.body as ThreadView).toMatchObject({ language: 'en', own: null, tipIds: [id] })

    await asAnalyst('POST', `/v1/tips/${id}/answer`, { text: 'Thank you. Are you safe?' })
    expect(await waiting()).toEqual([])
    const { messages } = await look(receipt)
    expect(messages.map(({ from }) => from)).toEqual(['sender', 'sender', 'house'])
    // Who of the house wrote it is nobody's business outside.
    expect(Object.keys(messages[2] ?? {}).sort()).toEqual(['at', 'from', 'text'])

    await page.post('messages', { receipt, text: 'yes' })
    await asAnalyst('POST', `/v1/tips/${id}/heard`)
    expect(await waiting()).toEqual([])
    await asAnalyst('POST', `/v1/tips/${id}/dismiss`, { reason: 'told to the platform' })
    expect(await look(receipt)).toMatchObject({ state: 'handled' })
  })

  it('tells another URL, as a tip of its own under the same receipt', async () => {
    const receipt = await page.tell({ url: 'https://told.example/one.jpg' })
    const more = await page.post('urls', { receipt, url: 'hxxps://told[.]example/two.jpg' })
    expect(more).toMatchObject({ status: 201, body: { urlsLeft: 18 } })
    const second = await newest()
    expect(second).toMatchObject({ url: 'https://told.example/two.jpg', source: 'public' })
    const thread = (await asAnalyst('GET', `/v1/tips/${second?.id ?? ''}/messages`)).body
    expect((thread as ThreadView).tipIds).toHaveLength(2)
  })

  it('learns by no word whether a URL is known, or what became of it', async () => {
    const url = 'https://told.example/judged.jpg'
    const [before, other] = [await page.tell({ url }), await page.tell({ url })]
    const assessed = await asAnalyst('POST', '/v1/assessments', {
      url,
      classification: 'Baseline',
      reason: 'seen',
    })
    expect(assessed.status).toBe(201)
    const known = await page.tell({ url })
    expect(await newest()).toMatchObject({ status: 'known' })
    const fresh = await page.tell({ url: 'https://told.example/fresh.jpg' })
    const seen = await Promise.all([before, other, known, fresh].map(look))
    const bare = seen.map((view) => ({ ...view, receivedAt: '' }))
    for (const view of bare) expect(view).toEqual(bare[0])
  })

  it('is refused what is no tip, and keeps the work that was done for it', async () => {
    const work = await page.work()
    for (const [told, field] of [
      [{}, 'url'],
      [{ words: 'x' }, 'category'],
      [{ words: '\u202e\u200f\u0007', category: 'other' }, 'words'],
      [{ url: 'javascript:alert(1)' }, 'url'],
      [{ words: 'x'.repeat(3_501), category: 'other' }, 'words'],
      [{ url: 'https://told.example/', account: 'a\nb' }, 'account'],
      [
        { words: 'x', category: 'other', pictures: [[{ type: 'md5', value: '0'.repeat(32) }]] },
        'pictures',
      ],
      [{ aboutMe: true, pictures: [[{ type: 'md5', value: 'zz' }]] }, 'pictures.0.0.value'],
      [{ words: 'x', category: 'other', source: 'police' }, undefined],
      [{ words: 'x', category: 'other', priority: 1 }, undefined],
    ] as const) {
      const answer = await page.post('tips', { ...told, work })
      expect([answer.status, told]).toEqual([400, told])
      if (field !== undefined) expect(problem(answer).field).toBe(field)
    }
    expect((await page.post('tips', { words: 'x', category: 'other', work })).status).toBe(201)
  })
})

describe('an enemy', () => {
  it('sends no body that is larger than a tip', async () => {
    const answer = await page.post('tips', { words: 'x'.repeat(2_000_000) })
    expect(answer.status).toBe(413)
  })

  it('cannot send the same work twice, nor twice at once', async () => {
    const told = { words: 'once', category: 'other', work: await page.work() }
    const answers = await Promise.all([1, 2, 3, 4].map(() => page.post('tips', told)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403])
    expect((await page.post('tips', { words: 'x', category: 'other' })).status).toBe(400)
  })

  it('is limited by address, unless many have it', async () => {
    const told = { words: 'flood', category: 'other' }
    const from = async (caller: string) =>
      (await page.post('tips', { ...told, caller, work: await page.work() })).status
    const sent = async (...callers: string[]) => {
      const statuses: number[] = []
      for (const caller of callers) statuses.push(await from(caller))
      return statuses
    }
    expect(await sent('198.51.100.7', '198.51.100.7', '198.51.100.7')).toEqual([201, 201, 429])
    expect(await sent('::ffff:198.51.100.7', '198.51.100.8')).toEqual([429, 201])
    // One line has all of a /64.
    expect(
      await sent('2001:db8::1', '2001:db8:0:0:ffff::2', '2001:db8::3', '2001:db8:0:1::1'),
    ).toEqual([201, 201, 429, 201])
    expect(
      await sent(...['127.0.0.1', '::1', '203.0.113.9'].flatMap((one) => [one, one, one])),
    ).toEqual(Array.from({ length: 9 }, () => 201))
  })

  it('gets no further by guessing receipts, and locks nobody out', async () => {
    const receipt = await page.tell({ words: 'mine', category: 'other' })
    const guess = (caller: string, rest: object = {}) =>
      page.post('look', { receipt: '0000 1111 2222 3333', caller, ...rest })
    const enemy = '198.51.100.66'
    const codes = []
    while (codes.length < 3) codes.push(problem(await guess(enemy)).code)
    expect(new Set(codes)).toEqual(new Set(['RECEIPT_UNKNOWN']))
    expect(problem(await guess(enemy)).code).toBe('WORK_REFUSED')
    expect(problem(await guess(enemy, { work: await page.work() })).code).toBe('RECEIPT_UNKNOWN')
    const same = { receipt, caller: enemy }
    expect((await page.post('look', same)).status).toBe(403)
    expect((await page.post('look', { ...same, work: await page.work() })).status).toBe(200)
    expect((await page.post('look', { receipt, caller: '198.51.100.67' })).status).toBe(200)
  })

  it('finds no difference between a receipt that never was and what is no receipt', async () => {
    const answers = await Promise.all(
      [
        '0000000000000000',
        '0000 0000 0000 000',
        '',
        'æ'.repeat(16),
        "' or 1=1",
        '١'.repeat(16),
      ].map((receipt) => page.post('look', { receipt })),
    )
    for (const answer of answers) {
      expect(answer.status).toBe(404)
      expect(problem(answer)).toMatchObject({ code: 'RECEIPT_UNKNOWN', field: 'receipt' })
    }
  })

  it('cannot burn the processor: what cannot be hashed at once is refused before it is', async () => {
    const receipts = Array.from({ length: 60 }, (_, one) => String(one).padStart(16, '1'))
    const answers = await Promise.all(receipts.map((receipt) => page.post('look', { receipt })))
    const codes = new Set(answers.map((answer) => problem(answer).code))
    expect([...codes].sort()).toEqual(['OVERLOADED', 'RECEIPT_UNKNOWN'])
    const [late] = answers.filter(({ status }) => status === 503)
    expect(late).toBeDefined()
  })

  it('reads nothing of the house with the key of the page', async () => {
    const { key } = await api.keyOf('reporter')
    for (const [method, path] of [
      ...[['GET', '/v1/tips'] as const, ['GET', '/v1/own-requests'] as const],
      ...[['GET', '/v1/waiting'] as const, ['GET', '/v1/audit'] as const],
    ]) {
      expect((await api.call(method, path, { key })).status).toBe(403)
    }
    // And who works there has no use for receipts.
    expect((await asAnalyst('POST', '/v1/tipline/look', { receipt: '1' })).status).toBe(403)
  })

  it('is taken without script once the form is old enough', async () => {
    const { key } = await api.keyOf('reporter')
    const asked = await api.call('GET', '/v1/tipline/challenge', { key })
    const { token, bits } = asked.body as { token: string; bits: number }
    const told = { words: 'no script', category: 'other', work: { token } }
    const early = await page.post('tips', told)
    expect(problem(early).code).toBe('WORK_REFUSED')
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect((await page.post('tips', told)).status).toBe(201)
    expect((await page.post('tips', { ...told, work: solved({ token, bits }) })).status).toBe(403)
  })
})

it('has a sentence for every state in both languages, of which none tells of a hit', () => {
  for (const { states } of Object.values(TIPLINE_SENTENCES)) {
    expect(Object.keys(states).sort()).toEqual([...TIPLINE_STATES].sort())
    for (const says of Object.values(states)) expect(says).not.toMatch(/\d|https?:|http/)
  }
})
