import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEngine } from '../../src/engine.ts'
import type { ReceiptView } from '../../src/tipline/index.ts'
import { type Api, startApi } from '../http/api.ts'
import { storedText } from '../stored-text.ts'
import { openPage, type Page } from './house.ts'

const WORDS = 'hemligheten om gungan bakom skolan'
const MESSAGE = 'hon heter egentligen Sockertoppen'
const ANSWER = 'tack du modiga regnbåge'
const ACCOUNT = '@vargtassen77'
const MD5 = 'c0ffee00c0ffee11c0ffee22c0ffee33'
const CALLERS = ['198.51.100.231', '2001:db8:77aa:55cc::1', 'someone-behind-a-proxy']

const lines: string[] = []
let api: Api
let page: Page
let receipt: string
let oldWork: { readonly token: string; readonly nonce: string }

beforeAll(async () => {
  const log = pino(
    { level: 'debug', base: null },
    { write: (line: string) => void lines.push(line) },
  )
  api = await startApi({ 'tipline.workBits': 8 }, { log })
  page = await openPage(api)
  oldWork = await page.work()
  for (const caller of CALLERS) {
    receipt = await page.tell({
      words: WORDS,
      category: 'other',
      account: ACCOUNT,
      caller,
      aboutMe: true,
      pictures: [[{ type: 'md5', value: MD5 }]],
    })
    await page.post('messages', { receipt, text: MESSAGE, caller })
    await page.post('look', { receipt: '9999 8888 7777 6666', caller })
  }
  const { key } = await api.keyOf('analyst')
  const asked = (await api.call('GET', '/v1/own-requests', { key })).body as { tipId: string }[]
  const id = asked.at(-1)?.tipId ?? ''
  await api.call('POST', `/v1/tips/${id}/answer`, { key, body: { text: ANSWER } })
  await api.call('POST', `/v1/tips/${id}/accept-own`, { key, body: {} })
})
afterAll(() => api.dispose())

it('nothing of a sender stands in a log, in the audit, or readable on the disk', async () => {
  const digits = receipt.replaceAll(' ', '')
  const secrets = [
    ...[WORDS, MESSAGE, ANSWER, ACCOUNT, MD5, receipt, digits, '9999888877776666', ...CALLERS],
    Buffer.from(MD5, 'hex').toString('latin1'),
  ]
  const { key } = await api.keyOf('auditor')
  const audited = JSON.stringify((await api.call('GET', '/v1/audit?limit=1000', { key })).body)
  // What it could be looked for in is there.
  expect(audited).toContain('tip.by-receipt')
  expect(audited).toContain('own-request.accept')
  const logged = lines.join('')
  expect(logged).toContain('/v1/tipline/tips')
  const stored = storedText(api.engine.config.data)
  expect(stored).toContain('tipline-receipt')
  for (const secret of secrets) {
    for (const [where, text] of Object.entries({ audited, logged, stored })) {
      expect([where, secret, text.includes(secret)]).toEqual([where, secret, false])
    }
  }
})

it('is there after a restart, and the receipt opens it; an old form is taken, once', async () => {
  const before = (await page.post('look', { receipt })).body as ReceiptView
  const { config } = api.engine
  await api.server.close()
  await api.engine.shutdown()
  const again = await createEngine({ config, dataKey: Buffer.alloc(32, 9) })
  try {
    const calls = again.as({ id: 'page', pseudonym: 'page', kind: 'machine', roles: ['reporter'] })
    expect(await calls.tipline.look({ receipt })).toEqual(before)
    expect(before.messages.map(({ text }) => text)).toEqual([MESSAGE, ANSWER])
    const told = { words: WORDS, category: 'other', work: oldWork } as const
    expect(await calls.tipline.tell(told)).toHaveProperty('receipt')
    await expect(calls.tipline.tell(told)).rejects.toMatchObject({ code: 'WORK_REFUSED' })
  } finally {
    await again.shutdown()
  }
})
