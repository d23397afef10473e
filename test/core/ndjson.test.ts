import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FeedLine, splitLines } from '../../src/core/index.ts'

async function* chunked(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0
  for (const cut of cuts) {
    await Promise.resolve()
    yield bytes.subarray(start, cut)
    start = cut
  }
  yield bytes.subarray(start)
}

async function split(text: string, cuts: readonly number[] = [], max = 1_000) {
  const lines: FeedLine[] = []
  for await (const line of splitLines(chunked(Buffer.from(text), cuts), max)) lines.push(line)
  return lines.map(({ line, bytes }) => [
    line,
    bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8'),
  ])
}

const bytesOfLine = fc.stringMatching(/^[^\n]{0,40}$/)

describe('splitLines', () => {
  it('gives the same lines however the bytes are cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytesOfLine, { maxLength: 8 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        fc.boolean(),
        async (texts, cuts, endsWithNewline) => {
          const text = texts.join('\n') + (endsWithNewline ? '\n' : '')
          const length = Buffer.byteLength(text)
          const places = cuts.map((cut) => Math.min(cut, length)).sort((a, b) => a - b)
          const expected = texts
            .map((line, index) => [index + 1, line])
            .filter(([, line]) => !/^[ \t\r]*$/.test(String(line)))
          expect(await split(text, places)).toEqual(expected)
        },
      ),
    )
  })

  it('tells where each line ends, however the bytes are cut, and which one has no end', async () => {
    const text = 'aa\n\nb\u00e9\nc'
    for (let cut = 0; cut <= Buffer.byteLength(text); cut += 1) {
      const ends: (number | undefined)[] = []
      const chunks = chunked(Buffer.from(text), [cut])
      for await (const { end } of splitLines(chunks, 100)) ends.push(end)
      expect(ends).toEqual([3, 8, undefined])
    }
  })

  it('counts blank lines and leaves them out', async () => {
    expect(await split('a\n\n \t\r\nb')).toEqual([
      [1, 'a'],
      [4, 'b'],
    ])
  })

  it('reports a line over the limit, however it is cut, and goes on', async () => {
    const text = `${'x'.repeat(11)}\n${'y'.repeat(10)}\nz`
    const expected = [
      [1, undefined],
      [2, 'y'.repeat(10)],
      [3, 'z'],
    ]
    for (let cut = 0; cut <= text.length; cut += 1) {
      expect(await split(text, [cut], 10)).toEqual(expected)
    }
    const everywhere = Array.from(text, (_, index) => index)
    expect(await split(text, everywhere, 10)).toEqual(expected)
  })

  it('hands over lines that later lines do not overwrite', async () => {
    const lines: FeedLine[] = []
    const source = chunked(Buffer.from('first\nsecond\nthird\n'), [2, 8, 15])
    for await (const line of splitLines(source, 100)) lines.push(line)
    expect(lines.map(({ bytes }) => Buffer.from(bytes ?? []).toString())).toEqual([
      'first',
      'second',
      'third',
    ])
  })
})
