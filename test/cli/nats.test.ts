import { readFileSync } from 'node:fs'
import { nanos } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasNats, NO_NATS } from '../../fixtures/servers/nats.ts'
import { LINE_BYTES_MAX, type NatsHouse, PATIENCE, rowsIn, startNatsHouse } from './nats-house.ts'

if (!hasNats) console.warn(NO_NATS)

describe.skipIf(!hasNats)('hindra feed nats://', () => {
  let house: NatsHouse
  beforeAll(async () => {
    house = await startNatsHouse()
  })
  afterAll(() => house.end())

  /** What is told of the answers in a stream, in the order of their lines. */
  async function answered(stream: string) {
    const all = (await house.answers(stream)).map((message) => ({
      to: message.headers?.get('In-Reply-To'),
      ...message.json<{ line: number; verdict?: string; error?: { code: string } }>(),
    }))
    return all.sort((one, other) => one.line - other.line)
  }

  it('makes stream and consumer, judges each message, answers it and lets go of it', async () => {
    const create = ['--create', '--subject', 'made.>', '--answers', 'told.made']
    expect(await house.feed('MADE', ...create)).toMatchObject({ code: 0 })
    await house.publish('made.a', house.miss('made'), 'id-1')
    await house.publish('made.b', house.hit('made'), 'id-2')
    await house.publish('made.b', house.hit('made'), 'id-2')
    const { code, rows, stderr } = await house.feed('MADE', ...create)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(rows.map(({ line, answer }) => [line, answer?.verdict])).toEqual([
      [1, 'none'],
      [2, 'exact'],
      [undefined, undefined],
    ])
    expect(rows.at(-1)?.summary).toMatchObject({ lines: 2, refused: 0 })
    expect(await house.left('MADE')).toBe(0)
    expect(await answered('MADE-answers')).toEqual([
      { to: 'id-1', line: 1, verdict: 'none' },
      { to: 'id-2', line: 2, verdict: 'exact', caseId: rows[1]?.answer?.caseId },
    ])
    const { config } = await house.operator.manager.streams.info('MADE')
    expect(config).toMatchObject({ retention: 'workqueue', discard: 'new', storage: 'file' })
    expect(config.max_msg_size).toBe(65_536)
    expect(stderr).not.toContain('max_msg_size')
    const large = house.publish('made.c', {
      url: 'https://host.example/',
      media: 'A'.repeat(65_536),
    })
    await expect(large).rejects.toThrow('message size exceeds maximum allowed')
    const told = await house.operator.manager.streams.info('MADE-answers')
    expect(told.config).toMatchObject({ storage: 'memory', max_age: nanos(3_600_000) })
    const consumer = await house.operator.manager.consumers.info('MADE', 'hindra')
    expect(consumer.config).toMatchObject({ ack_policy: 'explicit', max_deliver: -1 })
    // What the stream cannot be asked is told of.
    expect(stderr).toContain('unless its jetstream.sync_interval is always')
  })

  it('tells a key without the right to verdicts that it was received, and no more', async () => {
    const { stream, subject } = await house.stream()
    await house.operator.manager.streams.add({ name: 'UNTOLD', subjects: ['told.untold'] })
    await house.publish(subject, house.hit('untold'))
    await house.publish(subject, house.miss('untold'))
    const options = { key: house.keys.untold, env: { HINDRA_URL: house.url } }
    const { code } = await house.home.run(house.args(stream, '--answers', 'told.untold'), options)
    expect(code).toBe(0)
    expect(await answered('UNTOLD')).toEqual([
      { to: '', line: 1, verdict: 'received' },
      { to: '', line: 2, verdict: 'received' },
    ])
    expect((await house.cases()).map(({ url }) => url)).toContain(house.shownAt('untold'))
  })

  it('terminates what is no line, says why, and never takes it again', async () => {
    const { stream, subject } = await house.stream()
    await house.operator.manager.streams.add({ name: 'POISON', subjects: ['told.poison'] })
    const terminated: string[] = []
    house.operator.connection.subscribe('$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>', {
      callback: (_error, message) => {
        terminated.push(message.json<{ reason: string }>().reason)
      },
    })
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const poison = [
      'not JSON, at https://secret.example/',
      '',
      '[]',
      '7',
      new Uint8Array([0x22, 0xff, 0x22]),
      deep,
      `${JSON.stringify(house.miss('a'))}\n${JSON.stringify(house.miss('b'))}`,
      house.miss('unknown', { colour: 'red' }),
      { url: 'no-url' },
      house.miss('large', { media: 'A'.repeat(2 * LINE_BYTES_MAX) }),
    ]
    for (const sent of poison) await house.publish(subject, sent)
    await house.publish(subject, JSON.stringify(house.miss('in lines'), null, 2))
    const rejects = `${house.home.directory}/refused.ndjson`
    const done = await house.feed(stream, '--answers', 'told.poison', '--rejects', rejects)
    expect(done.code).toBe(1)
    expect(done.rows.at(-1)?.summary).toMatchObject({ lines: 11, refused: 10 })
    expect(done.stderr + done.stdout).not.toContain('secret.example')
    const codes = [...Array<string>(8).fill('INVALID_INPUT'), 'URL_INVALID', 'TOO_LARGE']
    expect((await answered('POISON')).map(({ verdict, error }) => error?.code ?? verdict)).toEqual([
      ...codes,
      'none',
    ])
    expect(await house.left(stream)).toBe(0)
    await expect.poll(() => terminated.length, PATIENCE).toBe(10)
    expect(terminated).toContain('TOO_LARGE')
    expect(terminated).toContain('URL_INVALID url')
    expect((await house.feed(stream)).rows.at(-1)?.summary).toMatchObject({ lines: 0 })
  })

  it('takes no media by a stream that is in files, and says where they may go', async () => {
    const seen = house.hit('shown', { media: house.media })
    const { stream, subject } = await house.stream()
    const terminated: string[] = []
    house.operator.connection.subscribe('$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>', {
      callback: (_error, message) => {
        const { stream: of, reason } = message.json<{ stream: string; reason: string }>()
        if (of === stream) terminated.push(reason)
      },
    })
    await house.publish(subject, seen)
    const rejects = `${house.home.directory}/media.ndjson`
    const done = await house.feed(stream, '--rejects', rejects, '--keep-lines')
    expect(done.rows).toMatchObject([
      { line: 1, code: 'INVALID_INPUT', field: 'media' },
      { summary: { lines: 1, refused: 1 } },
    ])
    expect(done.stderr).toMatch(/send them by HTTP, or by a stream in memory/)
    expect(done.stderr).toMatch(/has room for media, which are refused \(max_msg_size: 65536\)/)
    const said = done.stderr + done.stdout + readFileSync(rejects, 'utf8')
    expect(said).not.toContain(house.media.slice(0, 40))
    expect(await house.left(stream)).toBe(0)
    await expect.poll(() => terminated, PATIENCE).toEqual(['INVALID_INPUT media'])

    const inMemory = await house.stream({ storage: 'memory' })
    await house.publish(inMemory.subject, seen)
    const { rows, stderr } = await house.feed(inMemory.stream)
    expect(rows).toMatchObject([{ line: 1, answer: { verdict: 'exact' } }, {}])
    expect(stderr).not.toContain('has room for media')
  })

  it('names no message in its answer by what may be a URL or a hash', async () => {
    const { stream, subject } = await house.stream()
    await house.operator.manager.streams.add({ name: 'NAMED', subjects: ['told.named'] })
    const ids = [
      'crawl-7.a:33',
      'https://host.example/a.jpg',
      'host.example/a.jpg',
      'https%3A%2F%2Fhost.example',
      'd41d8cd98f00b204e9800998ecf8427e',
      `sha256-${Buffer.alloc(32, 'digest').toString('base64url')}`,
    ]
    for (const id of ids) await house.publish(subject, house.miss('named'), id)
    await house.feed(stream, '--answers', 'told.named')
    const to = (await answered('NAMED')).map((answer) => answer.to)
    expect(to).toEqual(['crawl-7.a:33', '', '', '', '', ''])
  })

  it('takes a line for the observation that it says itself, else for that of its message', async () => {
    const { stream, subject } = await house.stream({ duplicate_window: 100_000_000 })
    const fetchedAt = '2026-11-24T10:00:00.000Z'
    const published: readonly (readonly [name: string, id: string | undefined, fields: object])[] =
      [
        ['at one time', 'a-1', { fetchedAt }],
        ['at one time', 'a-2', { fetchedAt }],
        ['two ids', 'b-1', {}],
        ['two ids', 'b-2', {}],
        ['one id', 'c 1 ö', {}],
        ['one id', 'c 1 ö', {}],
        ['no id', undefined, {}],
        ['a key', 'd-1', { idempotencyKey: 'k' }],
        ['a key', 'd-2', { idempotencyKey: 'k' }],
      ]
    for (const [name, id, fields] of published) {
      await house.publish(subject, house.hit(encodeURIComponent(name), fields), id)
      // The stream itself would know it.
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect((await house.feed(stream)).rows.at(-1)?.summary).toMatchObject({ lines: 9, refused: 0 })
    const counted: Readonly<Record<string, number>> = Object.fromEntries(
      (await house.cases()).map(({ url, sightings }) => [url.split('/').at(-1) ?? '', sightings]),
    )
    expect(counted).toMatchObject({
      'at%20one%20time': 1,
      'two%20ids': 2,
      'one%20id': 1,
      'no%20id': 1,
      'a%20key': 1,
    })
  })

  it('leaves for later what the line is not to blame for', async () => {
    const { stream, subject } = await house.stream()
    await house.publish(subject, { url: 'https://nobody.invalid/a.jpg' })
    const { code, rows, stderr } = await house.feed(stream)
    expect(code).toBe(0)
    expect(rows).toMatchObject([{ summary: { lines: 0, refused: 0, putBack: 1 } }])
    expect(stderr).toContain('FETCH_FAILED')
    expect(await house.left(stream)).toBe(1)
  })

  it('ends when its key is revoked, and what that was refused is judged by another', async () => {
    const { stream, subject } = await house.stream()
    const { id } = await house.home.person('Brief', 'crawler-verdict')
    const made = await house.home.json(['keys', 'create', id, '--label', 'brief'])
    const { id: keyId, secret: key } = made as { id: string; secret: string }
    const child = house.home.spawn(house.args(stream, '--follow'), {
      key,
      env: { HINDRA_URL: house.url },
    })
    await house.publish(subject, house.miss('before'))
    await expect.poll(() => house.left(stream), PATIENCE).toBe(0)
    await house.home.json(['keys', 'revoke', keyId])
    // Within the second for which a key is believed, and behind it.
    for (let number = 0; number < 15; number += 1) {
      await house.publish(subject, house.miss(`after-${number}`))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const ended = await child
    expect(ended.code).toBe(3)
    expect(ended.stderr).toMatch(/UNAUTHENTICATED|KEY_/)
    const before = rowsIn(ended.stdout).filter(({ answer }) => answer !== undefined)
    expect(rowsIn(ended.stdout).at(-1)?.summary).toMatchObject({ refused: 0 })
    const { rows } = await house.feed(stream)
    expect(before.length + rows.length - 1).toBe(16)
    expect(await house.left(stream)).toBe(0)
  })

  it('holds a message until its answer has a place', async () => {
    const { stream, subject } = await house.stream()
    await house.operator.manager.streams.add({
      name: 'FULL',
      subjects: ['told.full'],
      max_msgs: 1,
      discard: 'new',
    })
    await house.operator.streams.publish('told.full', 'in the way')
    await house.publish(subject, house.hit('full'), 'full-1')
    const feeder = house.follow(stream, '--answers', 'told.full')
    await expect.poll(feeder.said, PATIENCE).toContain('NATS_UNAVAILABLE: maximum messages')
    expect([await house.left(stream), feeder.lines()]).toEqual([1, []])
    await house.operator.manager.streams.purge('FULL')
    await expect.poll(() => house.left(stream), PATIENCE).toBe(0)
    expect(await feeder.end('SIGTERM')).toBe(143)
    expect(await answered('FULL')).toMatchObject([{ to: 'full-1', verdict: 'exact' }])
  })
})
