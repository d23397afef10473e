import { PassThrough } from 'node:stream'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { MEDIA_LINES } from '../../src/core/index.ts'
import { type Api, startApi } from './api.ts'

const LINE_BYTES_MAX = 400_000

let api: Api
let key: string
let picture: Buffer
beforeAll(async () => {
  api = await startApi({ 'server.lineBytesMax': LINE_BYTES_MAX })
  key = (await api.keyOf('crawler-verdict')).key
  picture = await sceneJpeg(11, { width: 160, height: 120 })
})
afterAll(() => api.dispose())

interface Answer {
  readonly line: number
  readonly verdict?: string
  readonly error?: { readonly code: string; readonly field?: string; readonly detail: string }
}

function parse(text: string): readonly Answer[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answer)
}

async function send(body: Buffer, path = '/v1/sightings', type = MEDIA_LINES, as = key) {
  const response = await request(`${api.url}${path}?ordered=true`, {
    method: 'POST',
    headers: { authorization: `Bearer ${as}`, 'content-type': type },
    body,
  })
  expect(response.statusCode).toBe(200)
  return parse(await response.body.text())
}

function seen(media: Uint8Array | undefined, fields: object = {}): Buffer {
  const sighting = { url: 'https://host.example/a.jpg', ...fields }
  const head = Buffer.from(`${media?.length ?? '-'} ${JSON.stringify(sighting)}\n`)
  return Buffer.concat([head, media ?? Buffer.of()])
}

const outcomes = (answers: readonly Answer[]) =>
  answers.map(({ line, verdict, error }) => [line, verdict ?? error?.code, error?.field])

describe('a feed of lines with media as bytes', () => {
  it('finds what is known in them, as in lines of text, by every route of lines', async () => {
    const analyst = await api.keyOf('analyst')
    const known = await sceneJpeg(12, { width: 320, height: 240 })
    const item = { media: known.toString('base64'), classification: 'Baseline' }
    const { body: proposed } = await api.call('POST', '/v1/items', { key: analyst.key, body: item })
    await api.call('POST', `/v1/items/${(proposed as { id: string }).id}/verify`, {
      key: (await api.keyOf('verifier')).key,
      body: { acknowledgeFindings: true },
    })
    const ways = [
      ['/v1/sightings', key],
      ['/v1/screenings', key],
      ['/v1/scans', analyst.key],
    ] as const
    for (const [path, as] of ways) {
      const pictures = [picture, known].map((media, place) => ({
        media,
        url: `https://${String(place)}.example${path}`,
      }))
      const bytes = Buffer.concat(pictures.map(({ media, url }) => seen(media, { url })))
      const text = pictures.map(({ media, url }) =>
        JSON.stringify({ url, media: media.toString('base64') }),
      )
      const asText = await send(Buffer.from(text.join('\n')), path, 'application/x-ndjson', as)
      expect(asText.map(({ verdict }) => verdict === 'none')).toEqual([true, false])
      expect(outcomes(await send(bytes, path, MEDIA_LINES, as))).toEqual(outcomes(asText))
    }
    const parameters = `${MEDIA_LINES.toUpperCase()}; charset=utf-8`
    expect(outcomes(await send(seen(known), '/v1/scans', parameters, analyst.key))).toEqual([
      [1, 'exact', undefined],
    ])
  })

  it('tells what is wrong with a line, and goes on where it knows where the next one is', async () => {
    const body = Buffer.concat([
      seen(Buffer.of()),
      seen(Buffer.from('no picture\n- {}\n')),
      seen(picture, { media: picture.toString('base64') }),
      seen(picture, { colour: 'red' }),
      seen(Buffer.alloc(LINE_BYTES_MAX)),
      Buffer.from('3 no json\nabc'),
      seen(undefined, { media: picture.toString('base64') }),
      seen(picture),
    ])
    expect(outcomes(await send(body))).toEqual([
      [1, 'MEDIA_EMPTY', undefined],
      [2, 'MEDIA_UNSUPPORTED', undefined],
      [3, 'INVALID_INPUT', 'media'],
      [4, 'INVALID_INPUT', 'colour'],
      [5, 'TOO_LARGE', undefined],
      [6, 'INVALID_INPUT', undefined],
      [7, 'none', undefined],
      [8, 'none', undefined],
    ])
  })

  it('ends where a line does not say how many bytes follow it, and answers what came before', async () => {
    const body = Buffer.concat([seen(picture), Buffer.from('{"url":"https://host.example/"}\n')])
    const answers = await send(Buffer.concat([body, seen(picture), seen(picture)]))
    expect(outcomes(answers)).toEqual([
      [1, 'none', undefined],
      [2, 'INVALID_INPUT', undefined],
    ])
    expect(answers[1]?.error?.detail).toMatch(/nothing behind it is read/)
  })

  it('judges nothing that broke off', async () => {
    const whole = seen(picture)
    const answers = await send(Buffer.concat([seen(picture), whole.subarray(0, -1)]))
    expect(outcomes(answers)).toEqual([
      [1, 'none', undefined],
      [2, 'INVALID_INPUT', undefined],
    ])
    expect(answers[1]?.error?.detail).toMatch(/ended before the line and its media were there/)
  })

  it('says nothing of a piece of a line when the server stops', async () => {
    const stopping = await startApi({})
    const other = await stopping.keyOf('crawler-verdict')
    const body = new PassThrough()
    body.on('error', () => undefined)
    const sent = request(`${stopping.url}/v1/sightings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${other.key}`, 'content-type': MEDIA_LINES },
      body,
    })
    body.write(Buffer.concat([seen(picture), seen(picture).subarray(0, 500)]))
    const { body: answers } = await sent
    const iterator = answers[Symbol.asyncIterator]()
    expect(parse(String((await iterator.next()).value as Buffer))).toHaveLength(1)
    const closed = stopping.server.close()
    expect((await iterator.next()).done).toBe(true)
    await closed
    await stopping.dispose()
  })

  it('is taken by routes of lines alone', async () => {
    const answer = await api.call('POST', '/v1/tips', {
      key: (await api.keyOf('analyst')).key,
      headers: { 'content-type': MEDIA_LINES },
      body: '- {"url":"https://host.example/a.jpg","source":"public"}\n',
    })
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } })
  })
})
