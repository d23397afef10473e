import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { createAwsSigner } from '../../src/takedown/aws/aws-signer.ts'
import { ManualClock } from '../../src/core/index.ts'
import { AWS_KEY, type AwsServer, startAws } from './aws-server.ts'
import { BETA, openTakedownWorld, type TakedownWorld, WITHOUT_MAIL } from './world.ts'

const URL_1 = 'http://alpha.example/1.jpg'

let world: TakedownWorld
let aws: AwsServer
beforeEach(async () => {
  aws = await startAws(() => Date.parse(world.now()))
})
afterEach(async () => {
  await world.dispose()
  await aws.close()
})

async function open(
  flags: Record<string, unknown> = {},
  lists: Pick<NonNullable<Parameters<typeof openTakedownWorld>[1]>, 'rules'> = {},
): Promise<void> {
  world = await openTakedownWorld(
    { retryMinutes: 10, attemptsMax: 3 },
    {
      ...lists,
      flags: {
        'trace.providers': [{ ...WITHOUT_MAIL, api: 'aws-abuse-signal' }, BETA],
        'trace.apis': ['aws-abuse-signal'],
        'aws.region': 'eu-west-2',
        'aws.accessKeyId': AWS_KEY.id,
        'aws.secretAccessKey': AWS_KEY.secret,
        'aws.endpoint': aws.url,
        'webhooks.allowHttpLoopback': true,
        ...flags,
      },
    },
  )
  world.names.set('alpha.example', ['192.0.2.7'])
}

const notices = () => world.takedown.list()
const notice = async () => (await notices())[0]
const repliesTo = async () => world.takedown.replies((await notice())?.id ?? '')
const alerts = async (kind: string) =>
  (await world.cases.alertFeed.read(undefined, 1_000)).filter((one) => one.kind === kind)

const UPSTREAM = {
  role: 'upstream',
  name: 'Up Networks',
  channel: { kind: 'mail', address: 'abuse@up.example' },
  source: 'rdap-as',
} as const

/** A day on it is seen again, and everything due is done. */
async function stillThere(caseId: string): Promise<void> {
  world.pass(24)
  await world.look(caseId, 'present')
  await world.takedown.collect('hindra')
  await world.run()
}

/** Reported, and asked of after so long. */
async function answered(outcome: unknown, hours = 1): Promise<string> {
  const caseId = await world.assessed(URL_1)
  await world.run()
  aws.say(outcome)
  world.pass(hours)
  await world.takedown.collect('hindra')
  return caseId
}

describe('a report to AWS Abuse Signal', () => {
  it('is one incident in XARF, signed, with our reference, no hash, no media and no words beside', async () => {
    await open()
    const caseId = await world.assessed(URL_1)
    await world.assessed('http://alpha.example/2.jpg')
    expect(await world.run()).toMatchObject({ noticesSent: 2, problems: [] })
    expect(aws.calls).toEqual(['POST /v1/abuse', 'POST /v1/abuse'])
    const [first] = aws.reports
    expect(aws.reports.map(({ body }) => body.report['url'])).toEqual([
      URL_1,
      'http://alpha.example/2.jpg',
    ])
    expect(first?.body).toMatchObject({
      clientToken: (await notice())?.id,
      correlationId: caseId,
      report: {
        xarf_version: '4.2.0',
        category: 'content',
        type: 'csam',
        classification: 'baseline',
        detection_method: 'manual_review',
        source_identifier: '192.0.2.7',
      },
    })
    expect(Object.keys(first?.body ?? {})).toEqual(['clientToken', 'correlationId', 'report'])
    expect(JSON.stringify(first?.body)).not.toMatch(/pdq|photodna|md5|sha-?\d|evidence"/i)
    expect(await notice()).toMatchObject({ state: 'sent', channel: 'http-api' })
  })

  it('is tagged as a trial where the settings say so', async () => {
    await open({ 'aws.test': true })
    await world.assessed(URL_1)
    await world.run()
    expect(aws.reports[0]?.body.tags).toEqual({ lifecycle: 'test' })
  })

  it('goes again with the same bytes and the same token where the line broke after they had it: one report', async () => {
    await open()
    aws.behave('commit-and-drop')
    await world.assessed(URL_1)
    await world.run()
    expect(await notice()).toMatchObject({ state: 'sending', possiblyDoubled: true })
    aws.behave('take')
    world.pass(1)
    await world.run()
    expect(aws.calls).toHaveLength(2)
    expect(aws.reports).toHaveLength(1)
    expect(await notice()).toMatchObject({ state: 'sent', attempts: 2 })
  })

  it('keeps its token where it was written anew, and where a person sends it again', async () => {
    await open()
    aws.behave({ status: 429, headers: { 'retry-after': '60' } })
    await world.assessed(URL_1)
    await world.run()
    aws.behave('commit-and-drop')
    for (let attempt = 0; attempt < 3; attempt += 1) {
      world.pass(1)
      await world.run()
    }
    const failed = await notice()
    expect(failed).toMatchObject({ state: 'failed', possiblyDoubled: true })
    aws.behave('take')
    await world.transact((tx) => world.takedown.retry(tx, 'ola', failed?.id ?? ''))
    await world.run()
    expect(await notice()).toMatchObject({ state: 'sent' })
    expect(aws.reports.map(({ body }) => body.clientToken)).toEqual([failed?.id])
  })

  it.each([
    [{ status: 429 }, 'queued', 1],
    [{ status: 503 }, 'queued', 1],
    [{ status: 400, type: 'com.amazon#ThrottlingException' }, 'queued', 1],
    [{ status: 500 }, 'sending', 1],
    [{ status: 400, type: 'ValidationException' }, 'failed', 1],
    [{ status: 409 }, 'failed', 1],
    // A key that does not do is no fault of the notice.
    [{ status: 403 }, 'queued', 0],
    [{ status: 400, type: 'ExpiredTokenException' }, 'queued', 0],
  ])('%o leaves it %s', async (behaviour, state, attempts) => {
    await open()
    aws.behave(behaviour)
    await world.assessed(URL_1)
    const { problems } = await world.run()
    expect(problems).toHaveLength(1)
    expect(problems[0]).not.toContain(AWS_KEY.secret)
    expect(await notice()).toMatchObject({ state, attempts })
  })

  it('with a wrong secret is refused by the signature, and costs no attempt', async () => {
    await open({ 'aws.secretAccessKey': 'another' })
    await world.assessed(URL_1)
    await world.run()
    expect(aws.reports).toEqual([])
    expect(await notice()).toMatchObject({ state: 'queued', attempts: 0 })
  })

  it('cannot tell of what XARF has no report of: a person does', async () => {
    await open()
    const input = { url: URL_1, classification: 'National', reason: 'as tested' } as const
    await world.transact((tx) => world.cases.openFromAssessment(tx, 'anna', input))
    await world.run()
    expect(aws.calls).toEqual([])
    const held = await notice()
    expect(held).toMatchObject({ state: 'held', heldFor: 'facts' })
    expect(held?.lastError).toContain('XARF')
    expect(await alerts('undelivered')).toHaveLength(1)
    await world.transact((tx) => world.takedown.markTold(tx, 'ola', held?.id ?? ''))
  })

  it('has no reminder and no correction: neither is a second report', async () => {
    await open()
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
    expect(aws.reports).toHaveLength(1)
    expect(aws.calls.filter((call) => call.startsWith('POST'))).toHaveLength(1)
    expect((await notices()).map(({ step, state }) => `${step} ${state}`)).toContain(
      'correction queued',
    )
  })

  it('needs its key, and without a region is off', () => {
    const clock = new ManualClock(0)
    const { aws: half } = configWith({ 'aws.region': 'us-east-1' })
    expect(() => createAwsSigner({ clock }, half)).toThrow('aws.region needs aws.accessKeyId')
    expect(createAwsSigner({ clock }, configWith({}).aws)).toBeUndefined()
    const { aws: whole } = configWith({
      'aws.region': 'us-east-1',
      'aws.accessKeyId': AWS_KEY.id,
      'aws.secretAccessKey': AWS_KEY.secret,
    })
    const { url } = createAwsSigner({ clock }, whole)?.signed('POST', '/v1/abuse', '{}') ?? {}
    expect(url).toBe('https://abuse.us-east-1.amazonaws.com/v1/abuse')
  })
})

describe('what AWS says became of a report', () => {
  beforeEach(() => open())

  it.each(['QUEUED', 'PROCESSING'])('%s: it is asked again, ever more seldom', async (status) => {
    await answered({ status })
    await world.takedown.collect('hindra')
    expect(aws.calls).toEqual(['POST /v1/abuse', 'GET /v1/abuse/abuse-1'])
    world.pass(1)
    await world.takedown.collect('hindra')
    expect(aws.calls).toHaveLength(3)
    expect(await repliesTo()).toEqual([])
    expect(await alerts('answered')).toEqual([])
  })

  it('ACTIONED: they say that they have acted; a look comes at once, and nothing is removed by a word', async () => {
    const caseId = await answered({ status: 'COMPLETED', outcome: 'ACTIONED' })
    const entry = await world.cases.get(caseId)
    expect(entry.status).toBe('in-progress')
    expect(entry.nextRecheckAt).toBe(world.now())
    expect(await notice()).toMatchObject({ state: 'acknowledged' })
    expect(await repliesTo()).toMatchObject([
      { kind: 'answer', automatic: true, text: expect.stringContaining('has acted') as string },
    ])
    world.pass(100)
    await world.takedown.collect('hindra')
    expect(aws.calls).toHaveLength(2)
  })

  it('CONTENT_DOWN_OR_INACCESSIBLE: a look comes at once, and nothing more', async () => {
    const caseId = await answered({ status: 'COMPLETED', outcome: 'CONTENT_DOWN_OR_INACCESSIBLE' })
    const entry = await world.cases.get(caseId)
    expect([entry.status, entry.nextRecheckAt]).toEqual(['in-progress', world.now()])
    expect(await notice()).toMatchObject({ state: 'sent' })
    expect(await alerts('answered')).toEqual([])
  })

  it.each(['NEED_MORE_INFORMATION', 'REVIEWED_NO_AWS_ACTION', 'SOMETHING_NEW'])(
    '%s: a person is told once, and the ladder goes on',
    async (outcome) => {
      world.contacts.push(UPSTREAM)
      const caseId = await answered({ status: 'COMPLETED', outcome })
      expect(await alerts('answered')).toMatchObject([{ caseId, notice: { step: 'notice' } }])
      expect((await repliesTo())[0]?.text).toContain(outcome)
      for (let day = 0; day < 8; day += 1) await stillThere(caseId)
      expect(await alerts('answered')).toHaveLength(1)
      expect((await notices()).map(({ role }) => role)).toEqual(['host', 'upstream'])
    },
  )

  it.each([[{ status: 'DANCING' }], [{ status: 'COMPLETED' }]])(
    '%o is no outcome that is known: a person is told',
    async (said) => {
      await answered(said)
      expect(await alerts('answered')).toHaveLength(1)
    },
  )

  it.each([[{ nothing: true }], [{ status: '<b>hello</b>' }], ['words']])(
    '%j cannot be read: it is asked again, and after 14 days a person is told',
    async (said) => {
      await answered(said)
      expect(await alerts('answered')).toEqual([])
      world.pass(15 * 24)
      await world.takedown.collect('hindra')
      expect(await alerts('answered')).toHaveLength(1)
      expect((await repliesTo())[0]?.text).not.toContain('hello')
    },
  )

  it('nobody there: said as a problem, and asked again', async () => {
    await world.assessed(URL_1)
    await world.run()
    await aws.close()
    world.pass(1)
    const { problems } = await world.takedown.collect('hindra')
    expect(problems).toEqual([expect.stringContaining('connection failed (ECONNREFUSED)')])
  })

  it('is asked also after a restart, and of an erased case no more', async () => {
    const caseId = await world.assessed(URL_1)
    await world.run()
    world.pass(1)
    await world.restart().collect('hindra')
    expect(aws.calls).toHaveLength(2)
    await world.transact((tx) => world.takedown.eraseForCase(tx, caseId))
    world.pass(100)
    await world.takedown.collect('hindra')
    expect(aws.calls).toHaveLength(2)
  })
})

describe('NOT_RESOLVABLE_TO_AWS', () => {
  const ELSEWHERE = { status: 'COMPLETED', outcome: 'NOT_RESOLVABLE_TO_AWS' }
  const told = async () =>
    (await notices()).map(({ recipient, state }) => `${recipient} ${state}`).sort()

  it('is no notice that was read: a person hears of it, and whoever follows is told at once', async () => {
    await open()
    world.contacts.push(UPSTREAM)
    const caseId = await answered(ELSEWHERE)
    expect(await notice()).toMatchObject({
      state: 'bounced',
      lastError: expect.stringContaining('none of theirs') as string,
    })
    expect(await alerts('undelivered')).toMatchObject([{ caseId }])
    expect(await repliesTo()).toMatchObject([{ kind: 'bounce' }])
    await stillThere(caseId)
    expect(await told()).toEqual(['abuse@up.example sent', 'api:aws-abuse-signal bounced'])
    for (let day = 0; day < 20; day += 1) await stillThere(caseId)
    expect(aws.reports).toHaveLength(1)
  })

  it('is asked of no other case of that host at that address, nor where a person sends it again', async () => {
    await open()
    await answered(ELSEWHERE)
    await world.assessed('http://alpha.example/2.jpg')
    await world.transact(async (tx) => world.takedown.retry(tx, 'ola', (await notice())?.id ?? ''))
    await world.run()
    await world.run()
    expect(aws.reports).toHaveLength(1)
    const others = (await notices()).filter(({ state }) => state === 'sent')
    expect(others).toEqual([])
    // It moved: they are asked again.
    world.names.set('alpha.example', ['192.0.2.8'])
    await world.assessed('http://alpha.example/3.jpg')
    world.pass(13)
    await world.run()
    expect(aws.reports.map(({ body }) => body.report['url'])).toContain(
      'http://alpha.example/3.jpg',
    )
  })

  it('after a move whoever hosts it now gets a first notice, and AWS no second', async () => {
    const amazon = { name: 'AWS', networks: ['192.0.2.0/24'], api: 'aws-abuse-signal' }
    await open({ 'trace.providers': [amazon, BETA] })
    const caseId = await world.assessed(URL_1)
    await world.run()
    world.names.set('alpha.example', ['198.51.100.4'])
    aws.say(ELSEWHERE)
    world.pass(1)
    await world.takedown.collect('hindra')
    await world.run()
    expect(await told()).toEqual(['abuse@beta.example sent', 'api:aws-abuse-signal bounced'])
    expect(aws.reports).toHaveLength(1)
    await stillThere(caseId)
    expect((await told()).filter((line) => line.startsWith('api'))).toHaveLength(1)
  })
})
