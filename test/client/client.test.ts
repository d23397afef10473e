import { execFile } from 'node:child_process'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHindraClient, type HindraClient, type LineAnswer } from '../../src/client/index.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { type Api, startApi } from '../http/api.ts'

const ROOT = resolve(import.meta.dirname, '../..')

let api: Api
let analyst: string
let pipeline: string
let admin: string
let assessed = 0
const open: HindraClient[] = []

beforeAll(async () => {
  api = await startApi({ 'alerts.heartbeatSeconds': 0.2 })
  analyst = (await api.keyOf('analyst')).key
  pipeline = (await api.keyOf('pipeline')).key
  admin = (await api.keyOf('admin')).key
})
afterAll(async () => {
  await Promise.all(open.map((client) => client.close()))
  await api.dispose()
})

function client(key: string, url = api.url): HindraClient {
  const made = createHindraClient({ url, key })
  open.push(made)
  return made
}

async function happen(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    assessed += 1
    const url = `http://127.0.0.1/${String(assessed)}`
    const body = { url, classification: 'Baseline', reason: 'as tested' }
    await api.call('POST', '/v1/assessments', { key: analyst, body })
  }
}

function* sightings(count: number) {
  for (let number = 0; number < count; number += 1) {
    yield { url: `http://127.0.0.1/${String(number)}`, reference: `r${String(number)}` }
  }
}

/** Passes bytes on to the API, and breaks every connection after so many bytes of answers. */
async function startBreaker(bytes: () => number): Promise<{ url: string; server: Server }> {
  const server = createServer((inner: Socket) => {
    const outer = connect(Number(new URL(api.url).port), '127.0.0.1')
    let left = bytes()
    inner.on('error', () => undefined).pipe(outer)
    outer.on('error', () => undefined)
    outer.on('data', (chunk: Buffer) => {
      const passed = chunk.subarray(0, Math.max(0, left))
      left -= chunk.length
      if (left > 0) inner.write(passed)
      else {
        inner.end(passed)
        outer.destroy()
      }
    })
    inner.once('close', () => outer.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${String(address.port)}`, server }
}

describe('the client', () => {
  it('submits sightings and tells what came of each, in their order', async () => {
    const seen: [string, LineAnswer][] = []
    for await (const { sighting, answer } of client(analyst).submit(sightings(20))) {
      seen.push([sighting.reference, answer])
    }
    expect(seen.map(([reference]) => reference)).toEqual(
      Array.from(sightings(20), ({ reference }) => reference),
    )
    // Nothing is fetched from this machine.
    expect(seen[0]?.[1]).toMatchObject({ error: { code: 'FETCH_REFUSED' } })
  })

  it('scans files of one’s own: what is known is told, and no case is opened', async () => {
    const verifier = (await api.keyOf('verifier')).key
    const known = await sceneJpeg(41)
    const media = known.toString('base64')
    const proposed = await client(analyst).items.propose({ media, classification: 'Baseline' })
    await client(verifier).items.verify({ id: proposed.id, acknowledgeFindings: true })
    const files = [
      { media: known, reference: 'known' },
      { media: await sceneJpeg(42), reference: 'unknown' },
      { media: Buffer.from('no picture'), reference: 'text' },
      { media: new Uint8Array(), reference: 'nothing' },
    ]
    const told: [string, string][] = []
    for await (const { scanned, answer } of client(analyst).scan(files)) {
      told.push([scanned.reference, 'error' in answer ? answer.error.code : answer.verdict])
    }
    expect(told).toEqual([
      ['known', 'exact'],
      ['unknown', 'none'],
      ['text', 'MEDIA_UNSUPPORTED'],
      ['nothing', 'MEDIA_EMPTY'],
    ])
    // Also where the connection breaks in the midst of media, again and again.
    const breaker = await startBreaker(() => 1_500)
    const many = Array.from({ length: 30 }, (_, number) => files[number % 4] ?? {})
    const answers: string[] = []
    for await (const { answer } of client(analyst, breaker.url).scan(many)) {
      answers.push('error' in answer ? answer.error.code : answer.verdict)
    }
    breaker.server.close()
    expect(answers).toEqual(many.map((_, number) => told[number % 4]?.[1]))
    expect(await client(analyst).cases.list({})).toHaveLength(assessed)
  })

  it('sends media as they were handed in, though their memory is used again at once', async () => {
    const [one, other] = [await sceneJpeg(43), await sceneJpeg(44)]
    const memory = Buffer.alloc(one.length + other.length)
    function* files() {
      for (const media of [one, other, one]) {
        media.copy(memory)
        yield { media: memory.subarray(0, media.length) }
      }
      memory.fill(0)
    }
    for await (const { answer } of client(analyst).scan(files())) {
      expect(answer).toMatchObject({ verdict: 'none' })
    }
  })

  it('tells how long an upload is: a server keeps room for it, and refuses what it cannot know', async () => {
    const seen: (string | undefined)[] = []
    const server = createHttpServer((request, response) => {
      seen.push(request.headers['content-length'], request.headers['transfer-encoding'])
      request.resume().once('end', () => response.end('{"verdict":"received"}'))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as { readonly port: number }
    const media = new Uint8Array(100_000)
    await client(analyst, `http://127.0.0.1:${port}`).submitMedia(
      { url: 'https://a.example' },
      media,
    )
    server.close()
    expect(Number(seen[0])).toBeGreaterThan(media.length)
    expect(seen[1]).toBeUndefined()
  })

  it('mends broken connections: every sighting is answered once, in order', async () => {
    const retries: string[] = []
    const breaker = await startBreaker(() => 1_500)
    const answered: string[] = []
    const options = { onRetry: ({ code }: { code: string }) => retries.push(code) }
    const mended = client(analyst, breaker.url).submit(sightings(40), options)
    for await (const { sighting } of mended) answered.push(sighting.reference)
    expect(answered).toEqual(Array.from(sightings(40), ({ reference }) => reference))
    expect(new Set(retries)).toEqual(new Set(['UNREACHABLE']))
    breaker.server.close()
  })

  it('holds no more than it may while answers are waited for', async () => {
    let taken = 0
    async function* many() {
      for (const sighting of sightings(100)) {
        taken += 1
        yield await Promise.resolve(sighting)
      }
    }
    let answered = 0
    for await (const { answer } of client(analyst).submit(many(), { linesWaitingMax: 5 })) {
      answered += 'error' in answer ? 1 : 0
      expect(taken - answered).toBeLessThanOrEqual(7)
    }
    expect(answered).toBe(100)
  })

  it('holds no more media than it may, beyond one line', async () => {
    const media = Buffer.alloc(1_000)
    let taken = 0
    async function* many() {
      for (const sighting of sightings(30)) {
        taken += 1
        yield await Promise.resolve({ ...sighting, media })
      }
    }
    let answered = 0
    for await (const { answer } of client(analyst).submit(many(), { bytesWaitingMax: 2_500 })) {
      answered += 'error' in answer ? 1 : 0
      expect(taken - answered).toBeLessThanOrEqual(4)
    }
    expect(answered).toBe(30)
  })

  it('throws at once what does not pass, and later what has not passed', async () => {
    const drain = async (reader: AsyncIterable<unknown>) => {
      const all: unknown[] = []
      for await (const one of reader) all.push(one)
      return all
    }
    await expect(drain(client('hk_x').submit(sightings(1)))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
    await expect(drain(client(admin).submit(sightings(1)))).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    const nobody = client(analyst, 'http://127.0.0.1:9')
    await expect(drain(nobody.submit(sightings(1), { giveUpAfterMs: 300 }))).rejects.toMatchObject({
      code: 'UNREACHABLE',
    })
    async function* broken() {
      yield* sightings(1)
      await Promise.reject(new Error('the source broke'))
    }
    await expect(drain(client(analyst).submit(broken()))).rejects.toThrow('the source broke')
  })

  it('reads alerts through broken connections, and goes on behind what it acknowledged', async () => {
    await happen(12)
    const breaker = await startBreaker(() => 1_500)
    const flaky = client(pipeline, breaker.url)
    const seen: number[] = []
    for await (const alert of flaky.alerts({ consumer: 'police' })) {
      seen.push(alert.sequence)
      if (alert.sequence === 12) break
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
    breaker.server.close()

    const stable = client(pipeline)
    for await (const alert of stable.alerts({ consumer: 'police', follow: false })) {
      if (alert.sequence === 8) expect(await alert.ack()).toMatchObject({ cursor: '8' })
    }
    const rest: number[] = []
    for await (const { sequence } of stable.alerts({ consumer: 'police', follow: false })) {
      rest.push(sequence)
    }
    expect(rest).toEqual([9, 10, 11, 12])
  })

  it('ends a stream of alerts when told to', async () => {
    const stop = new AbortController()
    const reading = (async () => {
      let count = 0
      for await (const { sequence } of client(pipeline).alerts({ signal: stop.signal })) {
        count = sequence
      }
      return count
    })()
    setTimeout(() => {
      stop.abort()
    }, 200)
    expect(await reading).toBeGreaterThan(0)
  })

  it('brings tips', async () => {
    const tip = { url: 'https://host.example/a', source: 'public', priority: 1 } as const
    expect(await client(analyst).tip(tip)).toMatchObject({ status: 'new', priority: 1 })
    await expect(client(pipeline).tip(tip)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('the built package', () => {
  it('is imported as hindra/client', async () => {
    const program = `
      import { createHindraClient, HindraError } from 'hindra/client'
      const [url, key] = process.argv.slice(-2)
      const hindra = createHindraClient({ url, key })
      for await (const { sighting, answer } of hindra.submit([{ url: 'http://127.0.0.1/' }])) {
        console.log(sighting.url, answer.error.code, typeof HindraError)
      }
      await hindra.close()`
    // From inside the package, which may name itself.
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', program, '--', api.url, analyst],
      { cwd: ROOT },
    )
    expect(stdout.trim()).toBe('http://127.0.0.1/ FETCH_REFUSED function')
  })
})
