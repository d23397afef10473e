import { createConnection } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasNats, NO_NATS } from '../../fixtures/servers/nats.ts'
import { ACK_WAIT_MS, type Feeder, type NatsHouse, PATIENCE, startNatsHouse } from './nats-house.ts'

if (!hasNats) console.warn(NO_NATS)

const MESSAGES = 300
/** Of which each fourth hits. */
const HIT_EACH = 4

describe.skipIf(!hasNats)(
  'hindra feed nats://, when something breaks',
  { timeout: 120_000 },
  () => {
    let house: NatsHouse
    beforeAll(async () => {
      house = await startNatsHouse()
    })
    afterAll(() => house.end())

    /** Publishes lines, and gives what checks in the end that each was judged once. */
    async function publish(name: string, subject: string, count = MESSAGES) {
      const before = await house.verdicts()
      const hits: string[] = []
      for (let number = 0; number < count; number += 1) {
        const isHit = number % HIT_EACH === 0
        const told = `${name}-${number}`
        if (isHit) hits.push(house.shownAt(told))
        await house.publish(subject, isHit ? house.hit(told) : house.miss(told), told)
      }
      return async () => {
        const ours = (await house.cases()).filter(({ url }) => url.includes(`/hit/${name}-`))
        expect(ours.map(({ url }) => url).sort()).toEqual(hits.sort())
        expect(ours.filter(({ sightings }) => sightings !== 1)).toEqual([])
        const after = await house.verdicts()
        expect(after.exact - before.exact).toBe(hits.length)
        return { none: after.none - before.none, misses: count - hits.length }
      }
    }

    const isEmpty = (stream: string) =>
      expect.poll(() => house.left(stream), { ...PATIENCE, timeout: 90_000 }).toBe(0)
    const hasRows = (feeder: Feeder, count: number) =>
      expect.poll(() => feeder.lines().length, PATIENCE).toBeGreaterThanOrEqual(count)

    it('is killed in the middle, and another goes on: nothing is lost, no case and no hit doubled', async () => {
      const { stream, subject } = await house.stream()
      const check = await publish('killed', subject)
      const killed = house.follow(stream, '--in-flight', '32')
      await hasRows(killed, 40)
      expect(await killed.end('SIGKILL')).toBe(null)
      expect(await house.left(stream)).toBeGreaterThan(0)
      const again = house.follow(stream)
      await isEmpty(stream)
      expect(await again.end('SIGTERM')).toBe(143)
      const all = new Set([...killed.lines(), ...again.lines()])
      expect(all.size).toBeGreaterThanOrEqual(MESSAGES - 32)
      const { none, misses } = await check()
      // What hit nothing leaves nothing by which it is known again: what was not yet acknowledged is counted twice.
      expect(none).toBeGreaterThanOrEqual(misses)
      expect(none).toBeLessThanOrEqual(misses + 32)
    })

    it('goes on when NATS is killed and restarted: each message is judged once', async () => {
      const { stream, subject } = await house.stream()
      const check = await publish('restarted', subject)
      const feeder = house.follow(stream, '--in-flight', '32')
      await hasRows(feeder, 40)
      await house.nats.stop('SIGKILL')
      await expect.poll(feeder.said, PATIENCE).toContain('NATS is away')
      await house.nats.begin()
      await isEmpty(stream)
      await hasRows(feeder, MESSAGES)
      expect(feeder.said()).toContain('NATS is back')
      expect(await feeder.end('SIGTERM')).toBe(143)
      expect([...feeder.lines()].sort((a, b) => a - b)).toEqual(
        Array.from({ length: MESSAGES }, (_, at) => at + 1),
      )
      expect(await check()).toEqual({ none: MESSAGES * 0.75, misses: MESSAGES * 0.75 })
    })

    it('shares a consumer with others, each message to one of them', async () => {
      const { stream, subject } = await house.stream()
      const feeders = [1, 2].map(() => house.follow(stream, '--in-flight', '8'))
      const check = await publish('shared', subject)
      await isEmpty(stream)
      for (const feeder of feeders) expect(await feeder.end('SIGTERM')).toBe(143)
      const [one = [], other = []] = feeders.map((feeder) => feeder.lines())
      expect(Math.min(one.length, other.length)).toBeGreaterThan(0)
      expect(new Set([...one, ...other]).size).toBe(MESSAGES)
      expect(one.length + other.length).toBe(MESSAGES)
      expect(await check()).toEqual({ none: MESSAGES * 0.75, misses: MESSAGES * 0.75 })
    })

    it('keeps what it holds while Hindra is away, longer than messages may be held without a word', async () => {
      const { stream, subject } = await house.stream()
      const check = await publish('away', subject, 40)
      await house.server.end('SIGTERM')
      const feeder = house.follow(stream)
      await expect.poll(feeder.said, PATIENCE).toContain('UNREACHABLE')
      await new Promise((resolve) => setTimeout(resolve, 2 * ACK_WAIT_MS))
      const held = await house.operator.manager.consumers.info(stream, 'hindra')
      expect(held).toMatchObject({ num_ack_pending: 40, num_redelivered: 0 })
      house.server = await house.serve()
      await isEmpty(stream)
      expect(await feeder.end('SIGTERM')).toBe(143)
      expect(feeder.lines()).toHaveLength(40)
      expect(await check()).toEqual({ none: 30, misses: 30 })
    })

    it('waits while Hindra has too much to do', async () => {
      await house.server.end('SIGTERM')
      house.server = await house.serve({ HINDRA_SERVER_FEEDS_MAX: '1' })
      const { stream, subject } = await house.stream()
      const check = await publish('busy', subject, 40)
      const { host, hostname, port } = new URL(house.url)
      // A feed of somebody else, which rests once its line is refused.
      const line = '{}\n'
      const other = createConnection(Number(port), hostname)
      other.write(
        `POST /v1/sightings HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${house.keys.told}\r\n` +
          'content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n' +
          `${line.length.toString(16)}\r\n${line}\r\n`,
      )
      await new Promise((resolve) => other.once('data', resolve))
      const feeder = house.follow(stream)
      await expect.poll(feeder.said, PATIENCE).toContain('OVERLOADED')
      expect(await house.left(stream)).toBe(40)
      other.destroy()
      await isEmpty(stream)
      expect(await feeder.end('SIGTERM')).toBe(143)
      expect(await check()).toEqual({ none: 30, misses: 30 })
    })

    it('gives back what it has not begun when it is told to end', async () => {
      const { stream, subject } = await house.stream()
      await house.server.end('SIGTERM')
      const feeder = house.follow(stream)
      await house.publish(subject, house.hit('back'))
      await expect.poll(feeder.said, PATIENCE).toContain('UNREACHABLE')
      expect(await feeder.end('SIGTERM')).toBe(143)
      // At once, rather than when its time is up.
      const consumer = await house.operator.streams.consumers.get(stream, 'hindra')
      const [message] = [await consumer.next({ expires: 1_000 })]
      expect(message?.info.deliveryCount).toBe(2)
      message?.nak()
      house.server = await house.serve()
      expect((await house.feed(stream)).rows.at(-1)?.summary?.verdicts).toEqual({ exact: 1 })
    })

    it('says so when its consumer is deleted, and goes on with one that is made anew', async () => {
      const { stream, subject } = await house.stream({ retention: 'limits' })
      const check = await publish('deleted', subject, 40)
      const feeder = house.follow(stream)
      await hasRows(feeder, 40)
      await house.operator.manager.consumers.delete(stream, 'hindra')
      expect(await feeder.ended()).toBe(4)
      expect(feeder.said()).toMatch(/NATS_MISSING: consumer not found\n {2}Correct the name/)
      const { rows } = await house.feed(stream, '--create')
      // A stream that keeps what was judged: all of it comes again, and what hit is known.
      expect(rows.at(-1)?.summary).toMatchObject({ lines: 40 })
      expect(await check()).toEqual({ none: 60, misses: 30 })
    })

    it('waits for NATS where that is away at the start', async () => {
      const { stream, subject } = await house.stream()
      await house.publish(subject, house.hit('late'))
      await house.nats.stop()
      const feeder = house.follow(stream)
      await expect
        .poll(feeder.said, PATIENCE)
        .toMatch(/NATS_UNAVAILABLE: connection refused.*again in/)
      const ended = house.follow(stream)
      await expect.poll(ended.said, PATIENCE).toContain('NATS_UNAVAILABLE')
      expect(await ended.end('SIGTERM')).toBe(143)
      await house.nats.begin()
      await isEmpty(stream)
      await house.nats.stop()
      await expect.poll(feeder.said, PATIENCE).toContain('NATS is away')
      expect(await feeder.end('SIGTERM')).toBe(143)
      await house.nats.begin()
    })
  },
)
