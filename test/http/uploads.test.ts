import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { createHindraClient } from '../../src/client/index.ts'
import { type Api, problem, startApi } from './api.ts'

const PATH = '/v1/sightings/media'
const MEDIA_BYTES_MAX = 300_000
const UPLOAD_BYTES_MAX = 1_400_000
const AT = '{"url":"https://host.example/a.jpg"}'

let api: Api
let crawler: string
let media: Buffer

beforeAll(async () => {
  media = await sceneJpeg(71, { width: 320, height: 240 })
  api = await startApi({
    'decode.bytesMax': MEDIA_BYTES_MAX,
    'server.uploadBytesMax': UPLOAD_BYTES_MAX,
  })
  crawler = (await api.keyOf('crawler-verdict')).key
  const [analyst, verifier] = [await api.keyOf('analyst'), await api.keyOf('verifier')]
  const body = { media: media.toString('base64'), classification: 'Baseline' }
  const proposed = await api.call('POST', '/v1/items', { key: analyst.key, body })
  const { id } = proposed.body as { id: string }
  await api.call('POST', `/v1/items/${id}/verify`, { key: verifier.key, body: {} })
})
afterAll(() => api.dispose())

async function send(parts: readonly (readonly [string, string | Uint8Array])[], path = PATH) {
  const form = new FormData()
  for (const [name, part] of parts) {
    form.append(name, typeof part === 'string' ? part : new Blob([Uint8Array.from(part)]))
  }
  const headers = { authorization: `Bearer ${crawler}` }
  const answer = await fetch(`${api.url}${path}`, { method: 'POST', headers, body: form })
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

/** Writes a request by hand, to break it off or to leave it open. */
function begin(lengthBytes: number, text: string): Socket {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1')
  socket.write(
    `POST ${PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${crawler}\r\n` +
      `content-type: multipart/form-data; boundary=edge\r\ncontent-length: ${String(lengthBytes)}\r\n\r\n${text}`,
  )
  return socket
}

const HALF = `--edge\r\ncontent-disposition: form-data; name="media"; filename="a"\r\n\r\n${'x'.repeat(5_000)}`

describe('an upload of media', () => {
  it('is answered as a line is, in either order of its parts', async () => {
    const unknown = await sceneJpeg(72, { width: 320, height: 240 })
    const found = await send([
      ['sighting', AT],
      ['media', media],
    ])
    expect(found).toMatchObject({ status: 200, body: { verdict: 'exact' } })
    const again = await send([
      ['media', media],
      ['sighting', AT],
    ])
    expect(again.body).toEqual(found.body)
    const missed = await send([
      ['sighting', AT],
      ['media', unknown],
    ])
    expect(missed.body).toEqual({ verdict: 'none' })
  })

  it('is what the client sends', async () => {
    const client = createHindraClient({ url: api.url, key: crawler })
    const seen = { url: 'https://host.example/b.jpg', reference: 'r-1' }
    expect(await client.submitMedia(seen, media)).toMatchObject({ verdict: 'exact' })
    await client.close()
  })

  it.each([
    ['no media', [['sighting', AT]], 400, 'INVALID_INPUT', 'media'],
    ['no sighting', [['media', 'x']], 400, 'INVALID_INPUT', 'sighting'],
    ['no part at all', [], 400, 'INVALID_INPUT', 'sighting'],
    [
      'a part too many',
      [
        ['sighting', AT],
        ['medium', 'x'],
      ],
      400,
      'INVALID_INPUT',
      undefined,
    ],
    [
      'a part twice',
      [
        ['sighting', AT],
        ['sighting', AT],
      ],
      400,
      'INVALID_INPUT',
      'sighting',
    ],
    ['a name of every object', [['constructor', 'x']], 400, 'INVALID_INPUT', undefined],
    [
      'a sighting that is not JSON',
      [
        ['sighting', '{'],
        ['media', 'x'],
      ],
      400,
      'INVALID_INPUT',
      undefined,
    ],
    [
      'an unknown field',
      [
        ['sighting', '{"url":"https://a.example/","hue":1}'],
        ['media', 'x'],
      ],
      400,
      'INVALID_INPUT',
      'hue',
    ],
    [
      'a wrong URL',
      [
        ['sighting', '{"url":"ftp://a.example/"}'],
        ['media', 'x'],
      ],
      400,
      'URL_INVALID',
      'url',
    ],
    [
      'media twice',
      [
        ['sighting', '{"url":"https://a.example/","media":"AAAA"}'],
        ['media', 'x'],
      ],
      400,
      'INVALID_INPUT',
      'sighting.media',
    ],
    [
      'media that is none',
      [
        ['sighting', AT],
        ['media', 'text'],
      ],
      415,
      'MEDIA_UNSUPPORTED',
      undefined,
    ],
    [
      'empty media',
      [
        ['sighting', AT],
        ['media', ''],
      ],
      422,
      'MEDIA_EMPTY',
      undefined,
    ],
    [
      'too large a part',
      [
        ['sighting', AT],
        ['media', 'x'.repeat(MEDIA_BYTES_MAX + 1)],
      ],
      413,
      'TOO_LARGE',
      'media',
    ],
    ['too large a form', [['media', 'x'.repeat(1_500_000)]], 413, 'TOO_LARGE', undefined],
  ] as const)('with %s is refused', async (_what, parts, status, code, field) => {
    const answer = await send(parts)
    expect([answer.status, problem(answer).code]).toEqual([status, code])
    expect(problem(answer).field).toBe(field)
    expect(problem(answer).line).toBeUndefined()
  })

  it.each([
    ['application/json', AT],
    ['multipart/form-data', AT],
    ['multipart/form-data; boundary=edge', AT],
    ['multipart/form-data; boundary=edge', HALF],
    ['multipart/form-data; boundary=edge', '--edge\r\n\r\n'],
  ])('that is %s with another body is refused', async (type, body) => {
    const headers = { 'content-type': type }
    const answer = await api.call('POST', PATH, { key: crawler, headers, body })
    expect([answer.status, problem(answer).code]).toEqual([400, 'INVALID_INPUT'])
  })

  it('takes no fields by the query', async () => {
    expect((await send([['sighting', AT]], `${PATH}?url=x`)).status).toBe(400)
  })

  it('finds its place in memory taken, until those before it are answered or gone', async () => {
    // A folder that nobody else writes to, in place of the one for temporary files.
    const watched = mkdtempSync(join(tmpdir(), 'hindra-uploads-'))
    vi.stubEnv('TMPDIR', watched)
    const open = begin(UPLOAD_BYTES_MAX - 1_000, HALF)
    try {
      await once(open, 'connect')
      const parts = [
        ['sighting', AT],
        ['media', media],
      ] as const
      // Refused at once otherwise, so that it never stands in the way of what it waits for.
      const probe = [['sighting', '{'.repeat(2_000)]] as const
      await expect.poll(async () => (await send(probe)).status, { timeout: 20_000 }).toBe(503)
      const refused = await send(parts)
      expect(problem(refused).code).toBe('OVERLOADED')
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(readdirSync(watched)).toEqual([])
      open.destroy()
      await expect.poll(async () => (await send(parts)).status, { timeout: 20_000 }).toBe(200)
      expect(readdirSync(watched)).toEqual([])
    } finally {
      open.destroy()
      vi.unstubAllEnvs()
      rmSync(watched, { recursive: true, force: true })
    }
  })

  it('that breaks off anywhere harms nobody', async () => {
    const whole = `${HALF}\r\n--edge--\r\n`
    for (const cut of [0, 3, 8, 40, HALF.length - 1, HALF.length + 4, whole.length - 3]) {
      const socket = begin(whole.length, whole.slice(0, cut))
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      socket.end()
      await text(socket)
    }
    expect(
      (
        await send([
          ['sighting', AT],
          ['media', media],
        ])
      ).status,
    ).toBe(200)
  })
})
