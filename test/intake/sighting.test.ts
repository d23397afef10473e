import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { HindraError } from '../../src/errors.ts'
import { CLIENT_HASH_TYPES } from '../../src/hashes/index.ts'
import { parseSightingLine, sightingSchema } from '../../src/intake/index.ts'

const URL_TEXT = 'https://images.example/a.jpg'
const MD5 = { type: 'md5', value: 'ab'.repeat(16) }

interface JsonSchema {
  readonly properties: Readonly<Record<string, JsonSchema | undefined>>
  readonly additionalProperties?: boolean
  readonly items?: JsonSchema
  readonly oneOf?: readonly JsonSchema[]
  readonly const?: string
  readonly pattern?: string
}

function errorOf(text: string | Uint8Array): HindraError {
  try {
    parseSightingLine(text, 7)
  } catch (error) {
    if (error instanceof HindraError) return error
    throw error
  }
  throw new Error('it was accepted')
}

function line(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ url: URL_TEXT, ...fields })
}

describe('a sighting line', () => {
  it('may hold every field', () => {
    const media = Buffer.from([0, 255, 128, 7])
    const text = line({
      pageUrl: 'http://forum.example/thread?id=1',
      referrer: 'http://forum.example/',
      fetchedAt: '2026-11-02T09:30:00+01:00',
      httpStatus: 200,
      contentType: 'image/jpeg',
      version: 1,
      vantage: 'se-1',
      resolvedIp: '2001:db8::7',
      reference: 'crawl 12',
      idempotencyKey: 'crawl-12/33',
      hashes: [
        { type: 'pdq', value: 'AB'.repeat(32), quality: 90 },
        { type: 'md5', value: '00'.repeat(16) },
        { type: 'sha1', value: '11'.repeat(20) },
        { type: 'sha256', value: '22'.repeat(32) },
        { type: 'blockhash', value: '33'.repeat(32), hasher: 'blockhash-core 0.1' },
        { type: 'pdq', value: '44'.repeat(32), quality: 0, frameSeconds: 12.5 },
      ],
      media: media.toString('base64'),
    })
    const sighting = parseSightingLine(Buffer.from(`\uFEFF${text}`), 1)
    expect(sighting).toMatchObject({
      url: URL_TEXT,
      fetchedAt: '2026-11-02T08:30:00.000Z',
      hashes: [{ type: 'pdq', value: 'ab'.repeat(32), quality: 90 }, {}, {}, {}, {}, {}],
    })
    expect(Buffer.from(sighting.media ?? [])).toEqual(media)
  })

  it('needs no more than its URL, which is kept as it was written', () => {
    const url = 'HTTP://Images.Example:80/a/../b.jpg?sig=1#x'
    expect(parseSightingLine(JSON.stringify({ url }), 1)).toEqual({ url })
  })

  it.each([
    ['INVALID_INPUT', 'url', '{}'],
    ['INVALID_INPUT', undefined, '[]'],
    ['INVALID_INPUT', undefined, 'null'],
    ['INVALID_INPUT', undefined, '{"url":"https://a.example/'],
    ['INVALID_INPUT', undefined, ''],
    ['INVALID_INPUT', undefined, '['.repeat(200_000)],
    ['INVALID_INPUT', undefined, '['.repeat(100_000) + ']'.repeat(100_000)],
    ['INVALID_INPUT', 'url', '{"url":7}'],
    ['URL_INVALID', 'url', '{"url":"images.example/a.jpg"}'],
    ['URL_INVALID', 'url', '{"url":"ftp://images.example/a.jpg"}'],
    ['URL_INVALID', 'url', '{"url":"https://user:pw@images.example/"}'],
    ['URL_INVALID', 'url', `{"url":"https://images.example/${'a'.repeat(8192)}"}`],
    ['URL_INVALID', 'pageUrl', line({ pageUrl: 'javascript:1' })],
    ['URL_INVALID', 'referrer', line({ referrer: '/relative' })],
    ['INVALID_INPUT', 'fetchedAt', line({ fetchedAt: '2026-02-30T00:00:00Z' })],
    ['INVALID_INPUT', 'fetchedAt', line({ fetchedAt: '2026-11-02' })],
    ['INVALID_INPUT', 'fetchedAt', line({ fetchedAt: '2026-11-02T08:00:00' })],
    ['INVALID_INPUT', 'httpStatus', line({ httpStatus: 99 })],
    ['INVALID_INPUT', 'httpStatus', line({ httpStatus: '200' })],
    ['INVALID_INPUT', 'hashes.0.type', line({ hashes: [{ type: 'crc', value: 'ab' }] })],
    ['HASH_INVALID', 'hashes.0.value', line({ hashes: [{ type: 'md5', value: 'ab' }] })],
    ['HASH_INVALID', 'hashes.0.value', line({ hashes: [{ type: 'sha1', value: 'g'.repeat(40) }] })],
    [
      'INVALID_INPUT',
      'hashes.0.quality',
      line({ hashes: [{ type: 'pdq', value: 'ab'.repeat(32), quality: 101 }] }),
    ],
    [
      'INVALID_INPUT',
      'hashes.0.quality',
      line({ hashes: [{ type: 'pdq', value: 'ab'.repeat(32), frameSeconds: 3 }] }),
    ],
    ['INVALID_INPUT', 'hashes', line({ hashes: [] })],
    [
      'INVALID_INPUT',
      'hashes',
      line({
        hashes: Array.from({ length: 257 }, () => ({ type: 'md5', value: 'ab'.repeat(16) })),
      }),
    ],
    ['HASH_INVALID', 'hashes.0.value', line({ hashes: [{ type: 'blockhash', value: 'ab' }] })],
    ['INVALID_INPUT', 'hashes.0.seconds', line({ hashes: [{ ...MD5, seconds: 1 }] })],
    ['INVALID_INPUT', 'resolvedIp', line({ resolvedIp: '192.0.2.256' })],
    ['INVALID_INPUT', 'resolvedIp', line({ resolvedIp: 'fe80::1%eth0' })],
    ['INVALID_INPUT', 'resolvedIp', line({ resolvedIp: '2001:db8::/32' })],
    ['INVALID_INPUT', 'fetchedAt', line({ fetchedAt: '2026-02-30T00:00:00.000Z' })],
    ['INVALID_INPUT', 'fetchedAt', line({ fetchedAt: '2026-01-01T24:00:00.000Z' })],
    ['INVALID_INPUT', 'idempotencyKey', line({ idempotencyKey: '' })],
    ['INVALID_INPUT', 'idempotencyKey', line({ idempotencyKey: 'two words' })],
    ['INVALID_INPUT', 'version', line({ version: 2 })],
    ['INVALID_INPUT', 'mediaa', line({ mediaa: '' })],
    ['INVALID_INPUT', '__proto__', `{"url":"${URL_TEXT}","__proto__":{"media":"AA=="}}`],
    ['INVALID_INPUT', undefined, line({ 'https://secret.example/x': 1 })],
    // Digests: MD5 in hex and in base64, 64 bits of a picture.
    ['INVALID_INPUT', undefined, line({ d41d8cd98f00b204e9800998ecf8427e: 1 })],
    ['INVALID_INPUT', undefined, line({ x_d41d8cd98f00b204: 1 })],
    ['INVALID_INPUT', undefined, line({ XRXNjYzMzM0NDQ1NTU2NjY: 1 })],
    ['INVALID_INPUT', 'vantage', line({ vantage: null })],
  ])('is refused: %s at %s', (code, field, text) => {
    const error = errorOf(text)
    expect(error).toMatchObject({ code, field, line: 7 })
    expect(error.message).not.toMatch(/secret|images\.example|https?:\/\//)
  })

  it.each(['A', 'AA', 'AAA', 'AA==AA==', 'AB==', 'AAB=', 'A-_=', 'AA A', 'AAAA\n', '====', 'é==='])(
    'is refused with media that is not base64: %j',
    (media) => {
      expect(errorOf(line({ media }))).toMatchObject({ code: 'INVALID_INPUT', field: 'media' })
    },
  )

  it('is refused when it is not UTF-8', () => {
    const bytes = Buffer.from(line({ reference: 'é' }), 'latin1')
    expect(errorOf(bytes)).toMatchObject({ code: 'INVALID_INPUT', line: 7, field: undefined })
  })

  it('carries any media unchanged', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (media) => {
        const text = line({ media: Buffer.from(media).toString('base64') })
        expect(Buffer.from(parseSightingLine(text, 1).media ?? [])).toEqual(Buffer.from(media))
      }),
    )
  })

  it('carries megabytes', () => {
    const media = Buffer.alloc(8 * 1024 * 1024, 'photo')
    const sighting = parseSightingLine(Buffer.from(line({ media: media.toString('base64') })), 1)
    expect(media.equals(sighting.media ?? Buffer.alloc(0))).toBe(true)
  })

  it('is described by a JSON Schema that is as strict', () => {
    const published = z.toJSONSchema(sightingSchema, { io: 'input' }) as JsonSchema
    expect(published).toMatchObject({ required: ['url'], additionalProperties: false })
    const kinds = published.properties['hashes']?.items?.oneOf ?? []
    expect(kinds.map(({ properties }) => properties['type']?.const)).toEqual(CLIENT_HASH_TYPES)
    expect(kinds.every(({ additionalProperties }) => additionalProperties === false)).toBe(true)
    expect(kinds.map(({ properties }) => properties['value']?.pattern)).toContain(
      '^[0-9a-fA-F]{40}$',
    )
    expect(published.properties['media']).toMatchObject({ contentEncoding: 'base64' })
  })

  it('that is any text at all ends in a sighting or an error of ours', () => {
    const value = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => `{"url":${json}}`),
    )
    fc.assert(
      fc.property(value, (text) => {
        try {
          parseSightingLine(text, 1)
        } catch (error) {
          expect(error).toBeInstanceOf(HindraError)
        }
      }),
    )
  })
})
