import { describe, expect, it } from 'vitest'
import { type TextEncoding, textOfBytes, utf8Of } from '../../src/core/index.ts'

const TEXT = 'URL;\nhttp://a.example/blåbär.jpg;💐\r\nö\n'
const BOM = '\ufeff'

function utf16(text: string, encoding: 'utf-16le' | 'utf-16be'): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  return encoding === 'utf-16le' ? bytes : bytes.swap16()
}

async function streamed(bytes: Uint8Array, sizes: number, given?: TextEncoding): Promise<string> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += sizes) {
      await Promise.resolve()
      yield bytes.subarray(at, at + sizes)
    }
  }
  const read: Uint8Array[] = []
  for await (const chunk of utf8Of(chunks(), given)) read.push(chunk)
  return Buffer.concat(read).toString('utf8')
}

describe('a text from elsewhere', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT), undefined],
    ['UTF-8 with its mark', Buffer.from(BOM + TEXT), undefined],
    ['UTF-16 LE with its mark', utf16(BOM + TEXT, 'utf-16le'), undefined],
    ['UTF-16 BE with its mark', utf16(BOM + TEXT, 'utf-16be'), undefined],
    ['UTF-16 LE that is named', utf16(TEXT, 'utf-16le'), 'utf-16le'],
    ['UTF-16 BE that is named', utf16(TEXT, 'utf-16be'), 'utf-16be'],
  ] as const)('is read in %s, whatever the chunks are', async (_name, bytes, given) => {
    expect(textOfBytes(bytes, given)).toBe(TEXT)
    for (const size of [1, 2, 3, 7, 1000]) expect(await streamed(bytes, size, given)).toBe(TEXT)
  })

  it('is read in windows-1252 where that is named, and never guessed to be', async () => {
    const bytes = Buffer.from('URL;\nhttp://a.example/blåbär.jpg', 'latin1')
    expect(textOfBytes(bytes, 'windows-1252')).toBe('URL;\nhttp://a.example/blåbär.jpg')
    expect(textOfBytes(Buffer.from([0x80, 0x9f]), 'windows-1252')).toBe('€Ÿ')
    const refusal = { code: 'INVALID_INPUT', line: 2 }
    const message: unknown = expect.stringMatching(
      /line 2, byte 20 \(0xe5\) is not utf-8.*windows-1252/,
    )
    expect(() => textOfBytes(bytes)).toThrow(expect.objectContaining({ ...refusal, message }))
    for (const size of [1, 3, 1000]) {
      await expect(streamed(bytes, size)).rejects.toMatchObject({ ...refusal, message })
    }
  })

  it.each<[string, TextEncoding | undefined, readonly number[], RegExp]>([
    ['a byte that no character begins with', undefined, [0x61, 0x80], /line 1, byte 2 \(0x80\)/],
    ['an overlong character', undefined, [0xc0, 0xaf], /byte 1 \(0xc0\)/],
    ['half a surrogate pair in UTF-8', undefined, [0xed, 0xa0, 0x80], /byte 1 \(0xed\)/],
    ['an end in the midst of a character', undefined, [0x61, 0x0a, 0xe2, 0x82], /line 2, byte 1/],
    ['UTF-16 without a mark', undefined, [0x55, 0, 0x52, 0], /byte 2 \(0x00\).*UTF-16/],
    ['a lone low surrogate', 'utf-16le', [0x61, 0, 0, 0xdc], /byte 3/],
    ['a lone high surrogate', 'utf-16be', [0xd8, 0, 0, 0x61], /byte 1/],
    ['half a unit at the end', 'utf-16le', [0x61, 0, 0x62], /byte 3/],
    ['what windows-1252 does not have', 'windows-1252', [0x61, 0x81], /byte 2 \(0x81\)/],
  ])('is refused for %s', async (_what, given, bytes, words) => {
    const message: unknown = expect.stringMatching(words)
    expect(() => textOfBytes(Uint8Array.from(bytes), given)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message }),
    )
    await expect(streamed(Uint8Array.from(bytes), 1, given)).rejects.toMatchObject({ message })
  })

  it('finds what is wrong at the end of a long file', () => {
    const long = Buffer.concat([Buffer.alloc(6_000_000, 'ö\n'), Buffer.from([0xff])])
    expect(() => textOfBytes(long)).toThrow(/\(0xff\)/)
  })

  it('may be empty, or a mark alone', () => {
    expect(textOfBytes(new Uint8Array())).toBe('')
    expect(textOfBytes(Buffer.from(BOM))).toBe('')
    expect(textOfBytes(Buffer.from('a'))).toBe('a')
  })
})
