import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS, SECOND_MS } from '../../src/core/index.ts'
import { selfSigned } from '../intake/certificate.ts'
import { storedText } from '../stored-text.ts'
import { messageIn, openWorld, type Receiver, startReceiver, type World } from './world.ts'

const ATTEMPTS = 4

let world: World
let receiver: Receiver
beforeEach(async () => {
  world = await openWorld({ webhooks: { attemptsMax: ATTEMPTS } })
  receiver = await startReceiver()
})
afterEach(async () => {
  await world.dispose()
  await receiver.close()
})

async function shown(id: string) {
  const found = (await world.alerts.webhooks.list()).find((hook) => hook.id === id)
  if (found === undefined) throw new Error('the webhook is gone')
  return found
}

/** Whether the library of Standard Webhooks finds it signed, at the time of the test's clock. */
function isSigned(index: number, secret: string): boolean {
  const sent = receiver.received[index]
  if (sent === undefined) throw new Error('nothing was received')
  const headers = sent.headers as Record<string, string>
  const then = Date.now
  Date.now = () => world.context.clock.now()
  try {
    new Webhook(secret).verify(sent.body, headers)
    return true
  } catch {
    return false
  } finally {
    Date.now = then
  }
}

describe('a webhook', () => {
  it('gets what comes, in order, signed as Standard Webhooks says, and nothing that names a place', async () => {
    await world.happen(1)
    const { id, secret } = await world.alerts.webhooks.add('ada', receiver.url)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    await world.happen(3)
    await world.alerts.deliver()
    expect(receiver.sequences()).toEqual([2, 3, 4])
    const [second] = await world.feed.read('1', 1)
    const [first] = receiver.received
    expect(first?.headers['webhook-id']).toBe(second?.id)
    expect(messageIn(first?.body ?? '')).toEqual({
      type: 'alert.opened',
      timestamp: second?.at,
      data: {
        id: second?.id,
        sequence: 2,
        kind: 'opened',
        caseId: second?.caseId,
        status: 'open',
        at: second?.at,
      },
    })
    expect(isSigned(0, secret)).toBe(true)
    expect(isSigned(0, `whsec_${Buffer.alloc(32).toString('base64')}`)).toBe(false)
    expect(await shown(id)).toMatchObject({ delivered: 3, lag: 0, deadLetters: 0 })
    expect(world.counted).toEqual({ delivered: 3, dead: 0 })
  })

  it('shows its secret once, and keeps it and the query of its URL sealed', async () => {
    const { secret } = await world.alerts.webhooks.add('ada', receiver.url)
    const listed = JSON.stringify(await world.alerts.webhooks.list())
    expect(listed).toContain('/hooks')
    for (const hidden of [secret, 't0ken']) {
      expect(listed).not.toContain(hidden)
      expect(storedText(world.context.directory)).not.toContain(hidden)
    }
  })

  it('waits longer after each failure, keeps the order and the id, then gives one alert up', async () => {
    receiver.answerWith(500)
    const { id } = await world.alerts.webhooks.add('ada', receiver.url)
    await world.happen(2)
    const waits: number[] = []
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      await world.alerts.deliver()
      const { attempts, retryAt, lastError } = await shown(id)
      expect([attempts, lastError]).toEqual([attempt, 'the endpoint answered with 500'])
      waits.push((Date.parse(retryAt ?? '') - world.context.clock.now()) / SECOND_MS)
      await world.alerts.deliver()
      expect(receiver.received).toHaveLength(attempt)
      world.context.clock.advance(Date.parse(retryAt ?? '') - world.context.clock.now())
    }
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeLessThanOrEqual(5 * 4 ** index)
      expect(wait).toBeGreaterThanOrEqual((5 * 4 ** index) / 2)
    }
    // The last attempt for the first one; the second one gets its first.
    await world.alerts.deliver()
    expect(receiver.sequences()).toEqual([1, 1, 1, 1, 2])
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(2)
    expect(await shown(id)).toMatchObject({ deadLetters: 1, attempts: 1, lag: 1 })
    expect(await world.alerts.deadLetters()).toBe(1)
    expect(world.counted.dead).toBe(1)
    expect(await world.alerts.webhooks.deadLetters(id, { limit: 10 })).toMatchObject([
      { webhookId: id, attempts: ATTEMPTS, alert: { sequence: 1 } },
    ])
  })

  it('waits no longer than its longest wait where the clock was far ahead at its failure', async () => {
    const { clock } = world.context
    clock.advance(48 * HOUR_MS)
    receiver.answerWith(500)
    await world.alerts.webhooks.add('ada', receiver.url)
    await world.happen(1)
    await world.alerts.deliver()
    clock.advance(-48 * HOUR_MS)
    receiver.answerWith(200)
    await world.alerts.deliver()
    expect(receiver.sequences()).toEqual([1, 1])
  })

  it('takes dead letters when they are sent once more, and they are dead no longer', async () => {
    receiver.answerWith(302)
    const { id } = await world.alerts.webhooks.add('ada', receiver.url)
    await world.happen(1)
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      await world.alerts.deliver()
      world.context.clock.advance(HOUR_MS)
    }
    const { webhooks } = world.alerts
    expect(await webhooks.resend('ada', id)).toEqual({ delivered: 0, failed: 1 })
    receiver.answerWith(200)
    await expect(webhooks.resend('ada', id, 7)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await webhooks.resend('ada', id, 1)).toEqual({ delivered: 1, failed: 0 })
    expect(await webhooks.deadLetters(id, { limit: 10 })).toEqual([])
    expect(await shown(id)).toMatchObject({ deadLetters: 0, delivered: 1 })
    expect(new Set(receiver.sequences())).toEqual(new Set([1]))
  })

  it('signs with both secrets while they overlap', async () => {
    const added = await world.alerts.webhooks.add('ada', receiver.url)
    const rotated = await world.alerts.webhooks.rotate('ada', added.id, 2)
    expect(rotated.secret).not.toBe(added.secret)
    await world.happen(1)
    await world.alerts.deliver()
    expect([isSigned(0, added.secret), isSigned(0, rotated.secret)]).toEqual([true, true])
    world.context.clock.advance(2 * HOUR_MS)
    await world.happen(1)
    await world.alerts.deliver()
    expect([isSigned(1, added.secret), isSigned(1, rotated.secret)]).toEqual([false, true])
  })

  it('is disabled by a person or by 410, gets nothing then, and goes on where it was', async () => {
    const { webhooks } = world.alerts
    const { id } = await webhooks.add('ada', receiver.url)
    await webhooks.disable('ada', id)
    await world.happen(2)
    await world.alerts.deliver()
    expect(receiver.received).toEqual([])
    await webhooks.enable('ada', id)
    receiver.answerWith(410)
    await world.alerts.deliver()
    expect(await shown(id)).toMatchObject({ state: 'disabled', lag: 2 })
    receiver.answerWith(200)
    await webhooks.enable('ada', id)
    await world.alerts.deliver()
    expect(receiver.sequences()).toEqual([1, 1, 2])
    await webhooks.remove('ada', id)
    expect(await webhooks.list()).toEqual([])
    const acts = (await world.audit.entries({})).map(({ by, action }) => `${by} ${action}`)
    expect(acts).toEqual([
      'ada webhook.add',
      'ada webhook.disable',
      'ada webhook.enable',
      'hindra webhook.disable',
      'ada webhook.enable',
      'ada webhook.remove',
    ])
  })

  it('that is active holds alerts back from removal', async () => {
    receiver.answerWith(503)
    const { id } = await world.alerts.webhooks.add('ada', receiver.url)
    await world.happen(2)
    world.context.clock.advance(1_000 * HOUR_MS)
    expect(await world.alerts.trim()).toBe(0)
    await world.alerts.webhooks.disable('ada', id)
    expect(await world.alerts.trim()).toBe(2)
    await world.alerts.webhooks.enable('ada', id)
    await world.happen(1)
    receiver.answerWith(200)
    await world.alerts.deliver()
    expect(receiver.sequences()).toEqual([3])
  })

  it('is tested with a message that is no alert', async () => {
    const { id, secret } = await world.alerts.webhooks.add('ada', receiver.url)
    expect(await world.alerts.webhooks.test('ada', id)).toEqual({
      delivered: true,
      status: 204,
      error: null,
    })
    expect(messageIn(receiver.received[0]?.body ?? '').type).toBe('hindra.test')
    expect(isSigned(0, secret)).toBe(true)
    await receiver.close()
    expect(await world.alerts.webhooks.test('ada', id)).toEqual({
      delivered: false,
      status: null,
      error: 'connection failed (ECONNREFUSED)',
    })
  })

  it('is served by itself as alerts come, and by the next process after this one', async () => {
    await world.alerts.webhooks.add('ada', receiver.url)
    const failures: unknown[] = []
    void world.alerts.deliverContinuously((error) => failures.push(error))
    await world.happen(3)
    await expect.poll(() => receiver.sequences()).toEqual([1, 2, 3])
    const next = await world.restart()
    await world.happen(1)
    await next.deliver()
    expect(receiver.sequences()).toEqual([1, 2, 3, 4])
    expect(failures).toEqual([])
  })
})

describe('where alerts may go', () => {
  const NAMES = {
    'inner.example': ['10.0.0.7'],
    'half.example': ['93.184.216.34', '127.0.0.1'],
    'hooks.example': ['93.184.216.34'],
  }

  it.each([
    ['http://hooks.example/', 'FETCH_REFUSED'],
    ['ftp://hooks.example/', 'URL_INVALID'],
    ['https://user:word@hooks.example/', 'URL_INVALID'],
    ['nothing', 'URL_INVALID'],
    ['https://inner.example/', 'FETCH_REFUSED'],
    ['https://half.example/', 'FETCH_REFUSED'],
    ['https://127.0.0.1/', 'FETCH_REFUSED'],
    ['https://[::ffff:10.0.0.1]/', 'FETCH_REFUSED'],
    ['https://169.254.169.254/latest', 'FETCH_REFUSED'],
    ['https://unknown.example/', 'FETCH_FAILED'],
  ])('%s is refused: %s', async (url, code) => {
    const strict = await openWorld({ webhooks: { allowHttpLoopback: false } }, NAMES)
    await expect(strict.alerts.webhooks.add('ada', url)).rejects.toMatchObject({ code })
    await strict.dispose()
  })

  it('an inner network is allowed by setting, and plain HTTP to loopback alone', async () => {
    const open = await openWorld({ webhooks: { allowNetworks: ['10.0.0.0/8'] } }, NAMES)
    const { webhooks } = open.alerts
    expect(await webhooks.add('ada', 'https://inner.example/a')).toMatchObject({ lag: 0 })
    expect(await webhooks.add('ada', 'https://hooks.example/a')).toMatchObject({ lag: 0 })
    const refused = { code: 'FETCH_REFUSED' }
    await expect(webhooks.add('ada', 'http://inner.example/')).rejects.toMatchObject(refused)
    await expect(webhooks.add('ada', 'http://hooks.example/')).rejects.toMatchObject(refused)
    await open.dispose()
  })

  it('nothing is sent to whom no trusted certificate vouches for', async () => {
    const server = createServer(selfSigned, (_request, response) => response.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const open = await openWorld({ webhooks: { allowNetworks: ['127.0.0.0/8'] } })
    const { id } = await open.alerts.webhooks.add('ada', `https://127.0.0.1:${port}/`)
    expect(await open.alerts.webhooks.test('ada', id)).toMatchObject({
      delivered: false,
      error: 'connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    })
    await open.dispose()
    server.close()
  })
})
