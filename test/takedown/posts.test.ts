import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Webhook } from 'standardwebhooks'
import { configWith } from '../../src/config.ts'
import type { NoticePart } from '../../src/takedown/notice-part.ts'
import { cloudflareCarrier } from '../../src/takedown/posts/cloudflare-carrier.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { BETA, openTakedownWorld, type TakedownWorld, WITHOUT_MAIL } from './world.ts'

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const ACCOUNT = '0123456789abcdef0123456789abcdef'
const TOKEN = 'cf-token-that-nobody-may-see'
const URL_1 = 'http://alpha.example/1.jpg'

let world: TakedownWorld
let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(async () => {
  await world.dispose()
  await receiver.close()
})

async function openWithWebhook(
  flags: Record<string, unknown> = {},
  by: { lawyer?: string } = {},
): Promise<void> {
  const webhook = `${receiver.url}/abuse`
  world = await openTakedownWorld(
    { retryMinutes: 10, attemptsMax: 3 },
    {
      ...by,
      flags: {
        'trace.providers': [{ ...WITHOUT_MAIL, webhook }, BETA],
        'takedown.webhookSecrets': { [webhook]: SECRET },
        'webhooks.allowHttpLoopback': true,
        ...flags,
      },
    },
  )
}

async function openWithCloudflare(flags: Record<string, unknown> = {}): Promise<void> {
  world = await openTakedownWorld(
    { retryMinutes: 10, attemptsMax: 3 },
    {
      flags: {
        'trace.providers': [{ ...WITHOUT_MAIL, kind: 'proxy', api: 'cloudflare-abuse' }, BETA],
        'trace.apis': ['cloudflare-abuse'],
        'cloudflare.account': ACCOUNT,
        'cloudflare.token': TOKEN,
        'cloudflare.api': `${receiver.url}/client/v4`,
        'webhooks.allowHttpLoopback': true,
        ...flags,
      },
    },
  )
}

const notices = () => world.takedown.list()
const notice = async () => (await notices())[0]
const idOf = async () => (await notice())?.id ?? ''

/** What the library of Standard Webhooks makes of it, at the time of the test's clock. */
function verified(posted: Receiver['received'][number] | undefined) {
  const { headers = {}, body = '' } = posted ?? {}
  const realNow = Date.now
  Date.now = () => Date.parse(world.now())
  try {
    return new Webhook(SECRET).verify(body, headers as Record<string, string>) as {
      readonly type: string
      readonly data: NoticePart
    }
  } finally {
    Date.now = realNow
  }
}

describe('a notice by webhook', () => {
  beforeEach(() => openWithWebhook())

  it('is a signed POST of the notice, many of one recipient in one, beside the mails to others', async () => {
    const caseId = await world.assessed(URL_1, 'http://alpha.example/page')
    await world.assessed('http://alpha.example/2.jpg')
    await world.assessed('http://beta.example/3.jpg')
    const report = await world.takedown
      .queueDue('hindra')
      .then(() => world.takedown.dispatch('hindra'))
    const sent = {
      mailsSent: 1,
      postsSent: 1,
      noticesSent: 3,
      isQuiet: false,
      isMore: false,
      problems: [],
    }
    expect(report).toEqual(sent)
    const [posted, ...more] = receiver.received
    expect(more).toEqual([])
    const { type, data } = verified(posted)
    expect(type).toBe('takedown.notice')
    expect(posted?.headers['webhook-id']).toBe((await notice())?.envelopeId)
    expect(data).toMatchObject({ schema: 'hindra-notice/1', step: 'notice', role: 'host' })
    expect(data).toMatchObject({ legalBasis: null, laws: [] })
    expect(data.notices).toMatchObject([
      { caseId, url: URL_1, pageUrl: 'http://alpha.example/page' },
      { url: 'http://alpha.example/2.jpg' },
    ])
    expect(posted?.body).not.toMatch(/pdq|md5|sha/i)
    expect((await notices()).map(({ state, channel }) => `${channel} ${state}`)).toEqual([
      'webhook sent',
      'webhook sent',
      'mail sent',
    ])
    expect((await world.cases.get(caseId)).status).toBe('in-progress')
    expect(await world.takedown.preview(await idOf())).toContain('hxxp://')
    await expect(
      world.transact(async (tx) => world.takedown.markTold(tx, 'ola', await idOf())),
    ).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('names the Regulation that it is given under once a lawyer has confirmed that', async () => {
    await world.dispose()
    await openWithWebhook({}, { lawyer: 'Anna Andersson, lawyer' })
    await world.assessed(URL_1)
    await world.run()
    const { data } = verified(receiver.received[0])
    expect(data).toMatchObject({
      legalBasis: 'Regulation (EU) 2022/2065, Article 16',
      laws: [expect.stringContaining('brottsbalken')],
    })
  })

  it('is followed by its reminder and by the correction, each by the same way', async () => {
    const caseId = await world.assessed(URL_1)
    await world.run()
    world.pass(25)
    await world.look(caseId, 'present')
    await world.run()
    await world.transact(async (tx) => {
      await world.cases.takeBack(tx, 'ola', caseId, 'not-illegal', 'as tested')
      world.takedown.correctForCase(tx, caseId)
    })
    await world.run()
    const types = receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)
    expect(types).toEqual(['takedown.notice', 'takedown.reminder', 'takedown.correction'])
  })

  it.each([
    [429, { 'retry-after': '3600' }, 60],
    [503, {}, 10],
  ])('HTTP %d: comes again later, as late as it was asked to', async (status, headers, minutes) => {
    await world.assessed(URL_1)
    receiver.behave({ status, headers })
    const { problems } = await world.run()
    expect(problems).toEqual([expect.stringMatching(/^webhook .*: POST_FAILED: asked to try/)])
    expect(problems[0]).not.toContain('127.0.0.1')
    expect(await notice()).toMatchObject({ state: 'queued', attempts: 1, possiblyDoubled: false })
    receiver.behave({ status: 204 })
    world.pass((minutes - 1) / 60)
    expect(await world.run()).toMatchObject({ noticesSent: 0 })
    world.pass(1 / 60)
    expect(await world.run()).toMatchObject({ noticesSent: 1 })
  })

  it.each([400, 404, 410, 302])(
    'HTTP %d is final, and a person can send it again',
    async (status) => {
      await world.assessed(URL_1)
      receiver.behave({ status, headers: { location: `${receiver.url}/elsewhere` } })
      await world.run()
      expect(await notice()).toMatchObject({ state: 'failed', lastError: `HTTP ${status}` })
      expect(receiver.received).toHaveLength(1)
      world.pass(100)
      await world.run()
      expect(receiver.received).toHaveLength(1)
      receiver.behave({ status: 204 })
      expect(await world.takedown.retryFailed('ola')).toBe(1)
      expect(await world.run()).toMatchObject({ noticesSent: 1 })
    },
  )

  it.each(['take-and-drop', { status: 500 }, { status: 504 }] as const)(
    '%o: may have been taken, so the same bytes go again under the same id, and it says so',
    async (behaviour) => {
      await world.assessed(URL_1)
      receiver.behave(behaviour)
      await world.run()
      expect(await notice()).toMatchObject({ state: 'sending', possiblyDoubled: true })
      receiver.behave({ status: 204 })
      world.pass(1)
      await world.run()
      const [first, second] = receiver.received
      expect(second?.body).toBe(first?.body)
      expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
      verified(second)
      expect(await notice()).toMatchObject({ state: 'sent', attempts: 2, possiblyDoubled: true })
    },
  )

  it('one of unknown fate whose case fell meanwhile does not go again, and is corrected', async () => {
    const caseId = await world.assessed(URL_1)
    receiver.behave('take-and-drop')
    await world.run()
    receiver.behave({ status: 204 })
    await world.transact(async (tx) => {
      await world.cases.takeBack(tx, 'ola', caseId, 'not-illegal', 'as tested')
      world.takedown.correctForCase(tx, caseId)
    })
    world.pass(1)
    await world.run()
    await world.run()
    const types = receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)
    expect(types).toEqual(['takedown.notice', 'takedown.correction'])
  })

  it('an endpoint that is not there costs attempts, and does not keep mails from going', async () => {
    await world.assessed(URL_1)
    await world.assessed('http://beta.example/3.jpg')
    await receiver.close()
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await world.run()
      world.pass(1)
    }
    expect((await notices()).map(({ state }) => state)).toEqual(['failed', 'sent'])
    expect(await notice()).toMatchObject({ attempts: 3, possiblyDoubled: false })
    expect((await notice())?.lastError).toBe('connection failed (ECONNREFUSED)')
  })

  it('nothing leaves while all is stopped', async () => {
    await world.assessed(URL_1)
    await world.takedown.stop('ola', 'as tested')
    await world.run()
    expect(receiver.received).toHaveLength(0)
    await world.takedown.resume('ola')
    await world.run()
    expect(receiver.received).toHaveLength(1)
  })
})

describe('a webhook that nothing is set up for', () => {
  it('without a secret a person tells it', async () => {
    await openWithWebhook({ 'takedown.webhookSecrets': {} })
    await world.assessed(URL_1)
    expect(await world.run()).toMatchObject({ queued: 1, noticesSent: 0, problems: [] })
    expect(receiver.received).toHaveLength(0)
    await world.transact(async (tx) => world.takedown.markTold(tx, 'ola', await idOf()))
    expect(await notice()).toMatchObject({ state: 'sent' })
  })

  it('is not posted to in a network that is not allowed', async () => {
    await openWithWebhook({ 'webhooks.allowHttpLoopback': false })
    await world.assessed(URL_1)
    await world.run()
    expect(receiver.received).toHaveLength(0)
    expect(await notice()).toMatchObject({ state: 'failed' })
    expect((await notice())?.lastError).toContain('webhooks.allowHttpLoopback')
  })
})

describe("Cloudflare's abuse-report API", () => {
  const TAKEN = { status: 200, body: { abuse_rand: 'r', request: {}, result: 'success' } }

  it('gets one report a host name, of the type and with the fields that it documents', async () => {
    await openWithCloudflare()
    receiver.behave(TAKEN)
    await world.assessed(URL_1)
    await world.assessed('http://alpha.example/2.jpg')
    await world.assessed('http://sub.alpha.example/3.jpg')
    expect(await world.run()).toMatchObject({ noticesSent: 3, problems: [] })
    expect(receiver.received).toHaveLength(2)
    const [first] = receiver.received
    expect(first?.path).toBe(`/client/v4/accounts/${ACCOUNT}/abuse-reports/abuse_children`)
    expect(first?.headers.authorization).toBe(`Bearer ${TOKEN}`)
    const reports = receiver.received.map(({ body }) => JSON.parse(body) as Record<string, string>)
    expect(reports.map(({ urls }) => urls)).toEqual([
      `${URL_1}\nhttp://alpha.example/2.jpg`,
      'http://sub.alpha.example/3.jpg',
    ])
    const [report] = reports
    expect(report).toMatchObject({
      act: 'abuse_children',
      name: 'Hotline Testland',
      email: 'notices@hotline.example',
      email2: 'notices@hotline.example',
      host_notification: 'send',
      ncmec_notification: 'send',
      owner_notification: 'none',
    })
    expect(report?.['comments']).toContain(await idOf())
    expect(report?.['justification']).toContain(URL_1)
    expect(first?.body).not.toMatch(/pdq|md5|sha-?\d/i)
  })

  it('keeps its texts within their limits, whatever the URLs are', async () => {
    await openWithCloudflare()
    receiver.behave(TAKEN)
    const urls = Array.from(
      { length: 25 },
      (_, n) => `http://alpha.example/${n}/${'x'.repeat(2_000)}`,
    )
    for (const url of urls) await world.assessed(url)
    await world.run()
    const reports = receiver.received.map(({ body }) => JSON.parse(body) as Record<string, string>)
    expect(reports.flatMap(({ urls: listed = '' }) => listed.split('\n'))).toEqual(urls)
    expect(reports).toHaveLength(3)
    for (const { justification = '', comments = '' } of reports) {
      expect(justification.length).toBeLessThanOrEqual(5_000)
      expect(comments.length).toBeLessThanOrEqual(2_000)
    }
  })

  it('is asked to keep our name to itself where notices leave it out', async () => {
    await openWithCloudflare({ 'takedown.notifierNamed': false })
    receiver.behave(TAKEN)
    await world.assessed(URL_1)
    await world.run()
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      host_notification: 'send-anon',
      ncmec_notification: 'send-anon',
    })
  })

  it('that refuses in a successful answer has refused; its words are kept, the token is not', async () => {
    await openWithCloudflare()
    const message = `not this one ${TOKEN} https://docs.example/`
    receiver.behave({ status: 200, body: { success: false, errors: [{ message }], result: null } })
    await world.assessed(URL_1)
    await world.run()
    expect(await notice()).toMatchObject({
      state: 'failed',
      lastError: 'not this one [token] [link]',
    })
  })

  it('with a wrong token costs no attempt, and is asked once a run', async () => {
    await openWithCloudflare()
    receiver.behave({ status: 403, body: { success: false, errors: [] } })
    await world.assessed(URL_1)
    await world.assessed('http://sub.alpha.example/3.jpg')
    const { problems } = await world.run()
    expect(problems).toEqual([expect.stringMatching(/^http-api .*: our account cannot be used/)])
    expect(receiver.received).toHaveLength(1)
    expect((await notices()).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['queued', 0],
      ['queued', 0],
    ])
    receiver.behave(TAKEN)
    world.pass(1)
    expect(await world.run()).toMatchObject({ noticesSent: 2, problems: [] })
  })

  it('has no way to take a report back: a person does, and says so', async () => {
    await openWithCloudflare()
    receiver.behave(TAKEN)
    const caseId = await world.assessed(URL_1)
    await world.run()
    await world.transact(async (tx) => {
      await world.cases.takeBack(tx, 'ola', caseId, 'not-illegal', 'as tested')
      world.takedown.correctForCase(tx, caseId)
    })
    await world.run()
    expect(receiver.received).toHaveLength(1)
    const correction = (await notices()).find(({ step }) => step === 'correction')
    expect(correction).toMatchObject({ state: 'queued', channel: 'http-api' })
    await world.transact((tx) => world.takedown.markTold(tx, 'ola', correction?.id ?? ''))
  })

  it('needs account and token', async () => {
    await openWithCloudflare()
    const { cloudflare } = configWith({ 'cloudflare.token': TOKEN })
    const reporter = { organisation: '', from: '', write: () => ({ subject: '', body: '' }) }
    expect(() =>
      cloudflareCarrier(cloudflare, reporter, () => Promise.reject(new Error())),
    ).toThrow('cloudflare.account and cloudflare.token need each other')
  })
})
