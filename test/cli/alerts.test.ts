import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DeadLetter, NewWebhook, WebhookView } from '../../src/alerts/index.ts'
import type { Alert } from '../../src/cases/index.ts'
import { type Receiver, startReceiver } from '../alerts/world.ts'
import { type Api, startApi } from '../http/api.ts'
import { createHome, type Home } from './hindra.ts'

let api: Api
let home: Home
let keys: Record<'pipeline' | 'admin' | 'analyst', string>
let assessed = 0

beforeAll(async () => {
  home = createHome()
  api = await startApi({ 'webhooks.allowHttpLoopback': true, 'webhooks.attemptsMax': 1 })
  void api.engine.stages.alerts.deliverContinuously(() => undefined)
  const [pipeline, admin, analyst] = await Promise.all([
    api.keyOf('pipeline'),
    api.keyOf('admin'),
    api.keyOf('analyst'),
  ])
  keys = { pipeline: pipeline.key, admin: admin.key, analyst: analyst.key }
})
afterAll(async () => {
  await api.dispose()
  await home.dispose()
})

async function happen(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    assessed += 1
    const url = `http://127.0.0.1/${String(assessed)}`
    const body = { url, classification: 'Baseline', reason: 'as tested' }
    await api.call('POST', '/v1/assessments', { key: keys.analyst, body })
  }
}

const as = (who: keyof typeof keys) => ({ key: keys[who], env: { HINDRA_URL: api.url } })

async function json<Answer>(who: keyof typeof keys, ...args: readonly string[]): Promise<Answer> {
  return (await home.json(args, as(who))) as Answer
}

describe('hindra alerts', () => {
  beforeAll(() => happen(3))

  it('shows the feed, and goes on where a consumer is', async () => {
    const all = await json<readonly Alert[]>('pipeline', 'alerts')
    expect(all.map(({ cursor }) => cursor)).toEqual(['1', '2', '3'])
    const named = ['alerts', '--consumer', 'police']
    await json('pipeline', ...named, '--ack', '2')
    expect(await json('pipeline', ...named)).toEqual(all.slice(2))
    const { stdout } = await home.run(['alerts', '--after', '1', '--limit', '1'], as('pipeline'))
    expect(stdout).toContain(all[1]?.caseId)
    const nobody = await home.run(['alerts', '--ack', '3'], as('pipeline'))
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('consumer')])
  })

  it('follows, acknowledges what it has written, and ends by a signal', async () => {
    const args = ['alerts', '--follow', '--consumer', 'follower', '--json']
    const reader = home.start(args, as('pipeline'))
    const rows: Alert[] = []
    if (reader.stdout === null) throw new Error('no standard output')
    createInterface(reader.stdout).on('line', (text) => rows.push(JSON.parse(text) as Alert))
    const ended = once(reader, 'close')
    await expect.poll(() => rows.length, { timeout: 20_000 }).toBe(3)
    await happen(1)
    await expect.poll(() => rows.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4])
    const left = () => json<readonly Alert[]>('pipeline', 'alerts', '--consumer', 'follower')
    await expect.poll(left).toEqual([])
    reader.kill('SIGINT')
    expect((await ended)[0]).toBe(130)
  })

  it('explains itself', async () => {
    const { stdout } = await home.run(['alerts', '--help'])
    for (const said of ['--follow', '--consumer', '--ack']) expect(stdout).toContain(said)
  })
})

describe('hindra webhooks', () => {
  let receiver: Receiver
  beforeEach(async () => {
    receiver = await startReceiver()
  })
  afterEach(() => receiver.close())

  const webhook = <Answer>(...args: readonly string[]) => json<Answer>('admin', 'webhooks', ...args)

  it('adds, tests, disables, enables, rotates and removes', async () => {
    const { id, secret } = await webhook<NewWebhook>('add', receiver.url)
    expect(secret).toMatch(/^whsec_/)
    const shown = await home.run(['webhooks'], as('admin'))
    expect(shown.stdout).toContain(id)
    expect(shown.stdout).not.toMatch(/whsec_|t0ken/)
    expect(await webhook('test', id)).toMatchObject({ delivered: true, status: 204 })
    receiver.answerWith(500)
    const refused = await home.run(['webhooks', 'test', id], as('admin'))
    expect([refused.code, refused.stdout]).toEqual([6, 'the endpoint answered with 500\n'])
    expect(await webhook('disable', id)).toMatchObject({ state: 'disabled' })
    expect(await webhook('enable', id)).toMatchObject({ state: 'active' })
    const rotated = await home.run(['webhooks', 'rotate', id], as('admin'))
    expect(rotated.stdout).toMatch(/whsec_/)
    expect(rotated.stdout).not.toContain(secret)
    expect(rotated.stderr).toContain('shown this once')
    expect(await webhook('remove', id)).toEqual({ removed: id })
    expect(await webhook('list')).toEqual([])
    expect((await home.run(['webhooks', 'test', id], as('admin'))).code).toBe(4)
  })

  it('lists dead letters and sends them once more', async () => {
    receiver.answerWith(500)
    const { id } = await webhook<NewWebhook>('add', receiver.url)
    await happen(2)
    const dead = () => webhook<readonly DeadLetter[]>('dead', id)
    await expect.poll(async () => (await dead()).map(({ attempts }) => attempts)).toEqual([1, 1])
    expect(await api.engine.stages.watch.health()).toMatchObject({ ready: true, deadLetters: 2 })
    const listed = await webhook<readonly WebhookView[]>('list')
    expect(listed).toMatchObject([{ deadLetters: 2, lastError: 'the endpoint answered with 500' }])
    const page = ['dead', id, '--limit', '1']
    const [first] = await webhook<readonly DeadLetter[]>(...page)
    const behind = ['--after', first?.alert.cursor ?? '']
    const [second] = await webhook<readonly DeadLetter[]>(...page, ...behind)
    expect([first, second]).toEqual(await dead())
    const again = await home.run(['webhooks', 'resend', id], as('admin'))
    expect([again.code, again.stdout]).toEqual([6, '0 delivered, 2 failed\n'])
    receiver.answerWith(204)
    const sequence = String((await dead())[0]?.alert.sequence)
    expect(await webhook('resend', id, '--sequence', sequence)).toEqual({ delivered: 1, failed: 0 })
    expect(await webhook('resend', id)).toEqual({ delivered: 1, failed: 0 })
    expect(await dead()).toEqual([])
  })

  it('says what is wrong, and who may not', async () => {
    const run = (...args: readonly string[]) => home.run(['webhooks', ...args], as('admin'))
    expect((await run('add', 'ftp://x/')).code).toBe(2)
    expect((await run('resend', 'x', '--sequence', 'y')).stderr).toContain('--sequence')
    expect((await home.run(['webhooks', 'add', receiver.url], as('analyst'))).code).toBe(3)
    expect((await run('--help')).stdout).toContain('dead')
    expect((await run('rotate', '--help')).stdout).toContain('--overlap-hours')
  })
})
