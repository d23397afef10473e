import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { storedText } from '../stored-text.ts'
import { createHome, type Home, type Serving } from './hindra.ts'

const MIB = 1024 ** 2
const MEDIA_MAX = 4 * MIB
const UPLOADS_MAX = 24 * MIB
const PATH = '/v1/sightings/media'
const EDGE = 'edge'
const AT = `--${EDGE}\r\ncontent-disposition: form-data; name="sighting"\r\n\r\n{"url":"https://host.example/a.png"}\r\n`
const MEDIA = `--${EDGE}\r\ncontent-disposition: form-data; name="media"; filename="a"\r\n\r\n`

let home: Home
let crawler: string
let analyst: string
let server: Serving

beforeEach(async () => {
  home = createHome()
  await home.json(['init'])
  crawler = (await home.person('Rack', 'crawler-verdict')).key
  analyst = (await home.person('Anna', 'analyst')).key
})
afterEach(() => home.dispose())

async function serve(
  settings: Readonly<Record<string, number>> = {},
  mediaMax = MEDIA_MAX,
): Promise<void> {
  const all = { uploadBytesMax: UPLOADS_MAX, ...settings }
  const lines = Object.entries(all).map(([name, value]) => `  ${name}: ${String(value)}`)
  const yaml = ['decode:', `  bytesMax: ${String(mediaMax)}`, 'server:', ...lines, '']
  writeFileSync(join(home.data, 'hindra.yaml'), yaml.join('\n'))
  server = await home.serve()
}

interface Answer {
  readonly status: number
  readonly retryAfter: number
}

async function upload(media: Uint8Array, number: number): Promise<Answer> {
  const body = new FormData()
  body.append('sighting', JSON.stringify({ url: `https://host.example/${String(number)}.png` }))
  body.append('media', new Blob([Uint8Array.from(media)]), 'a.png')
  const headers = { authorization: `Bearer ${crawler}` }
  const answer = await fetch(`${server.url}${PATH}`, { method: 'POST', headers, body })
  await answer.text()
  return { status: answer.status, retryAfter: Number(answer.headers.get('retry-after')) }
}

/** A request by hand, whose body begins with these bytes and never ends. */
async function begin(lengthBytes: number, bytes: Uint8Array): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  const head = [
    `POST ${PATH} HTTP/1.1`,
    'host: x',
    `authorization: Bearer ${crawler}`,
    `content-type: multipart/form-data; boundary=${EDGE}`,
    `content-length: ${String(lengthBytes)}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${AT}${MEDIA}`)
  await new Promise<void>((sent) => {
    socket.write(bytes, () => {
      sent()
    })
  })
  return socket
}

/** Resident bytes of the server at their highest, since it was last asked. */
function peakBytes(): number {
  const place = `/proc/${String(server.process.pid)}`
  const status = readFileSync(`${place}/status`, 'utf8')
  // The peak begins anew (proc_pid_clear_refs(5)).
  writeFileSync(`${place}/clear_refs`, '5')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

/** Noise, which no format makes smaller. */
function picture(): Promise<Buffer> {
  const [width, height, channels] = [1_100, 1_100, 3] as const
  const raw = { width, height, channels }
  return sharp(randomBytes(width * height * channels), { raw })
    .png({ compressionLevel: 0 })
    .toBuffer()
}

describe('uploads into memory', () => {
  it('stay under their bound however many come at once: the others are told to come later', async () => {
    await serve()
    const media = await picture()
    expect(media.length).toBeGreaterThan(3.4 * MIB)
    expect(media.length).toBeLessThan(MEDIA_MAX)
    for (let warm = 0; warm < 3; warm += 1) expect((await upload(media, warm)).status).toBe(200)
    peakBytes()
    const before = peakBytes()
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, number) => upload(media, number)),
    )
    const growth = peakBytes() - before
    const taken = answers.filter(({ status }) => status === 200)
    const refused = answers.filter(({ status }) => status === 503)
    expect(taken.length).toBeGreaterThanOrEqual(Math.floor(UPLOADS_MAX / MEDIA_MAX))
    expect(refused.length).toBeGreaterThan(0)
    expect(taken.length + refused.length).toBe(answers.length)
    expect(refused.every(({ retryAfter }) => retryAfter > 0)).toBe(true)
    // Each twice, as the guide says, and what 120 connections and a decoder need; all of them were 410 MiB.
    expect(growth / MIB).toBeLessThan((2 * UPLOADS_MAX) / MIB + 120)
    await expect.poll(async () => (await upload(media, 0)).status, { timeout: 20_000 }).toBe(200)
  })

  it('leave nothing behind where the server is killed in the middle of one', async () => {
    // More than fits between two sockets, so that the server has read most of what was sent.
    const large = 48 * MIB
    await serve({ uploadBytesMax: 2 * large }, large)
    const mark = randomBytes(48).toString('base64')
    const socket = await begin(large, Buffer.alloc(large - MIB, mark))
    await server.end('SIGKILL')
    socket.destroy()
    expect(storedText(home.directory)).not.toContain(mark)
    await serve()
    expect(await home.json(['cases'], { key: analyst })).toEqual([])
    expect((await upload(await picture(), 1)).status).toBe(200)
    expect(storedText(home.directory)).not.toContain(mark)
  })

  it('lose their place when their client stalls', async () => {
    await serve({ uploadBytesMax: 5 * MIB, bodySecondsMax: 2 })
    const media = await picture()
    const socket = await begin(MEDIA_MAX + 10_000, Buffer.alloc(1_000))
    const said = once(socket, 'data') as Promise<[Buffer]>
    expect(await upload(media, 1)).toMatchObject({ status: 503 })
    expect(String((await said)[0])).toMatch(/^HTTP\/1\.1 408 [^]*REQUEST_TIMEOUT/)
    expect(await upload(media, 1)).toMatchObject({ status: 200 })
    socket.destroy()
  })
})
