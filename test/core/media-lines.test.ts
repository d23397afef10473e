import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defined, type MediaLine, MediaLineSplitter } from '../../src/core/index.ts'

/** What a line is split into, in a form that can be compared. */
interface Split {
  readonly line: number
  readonly text?: string
  readonly media?: string
  readonly fault?: string
}

function comparable({ line, bytes, media, fault }: MediaLine): Split {
  const text = bytes && Buffer.from(bytes).toString('utf8')
  const hex = media && Buffer.from(media).toString('hex')
  return { line, ...defined({ text, media: hex, fault }) }
}

function split(bytes: Uint8Array, cuts: readonly number[] = [], max = 1_000): readonly Split[] {
  const splitter = new MediaLineSplitter(max)
  const found: MediaLine[] = []
  let start = 0
  for (const cut of [...cuts, bytes.length]) {
    // A copy of its own, as a socket hands it over.
    found.push(...splitter.push(Uint8Array.from(bytes.subarray(start, cut))))
    start = cut
  }
  found.push(...splitter.end())
  return found.map(comparable)
}

function written(text: string, media?: Uint8Array): Buffer {
  const head = Buffer.from(`${media?.length ?? '-'} ${text}\n`)
  return media === undefined ? head : Buffer.concat([head, media])
}

describe('MediaLineSplitter', () => {
  it('gives the same lines and media however the bytes are cut into chunks', () => {
    const line = fc.record({
      text: fc.stringMatching(/^[^\n]{0,40}$/),
      media: fc.option(fc.uint8Array({ maxLength: 60 }), { nil: undefined }),
    })
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.array(fc.nat(600), { maxLength: 12 }),
        (lines, cuts) => {
          const bytes = Buffer.concat(lines.map(({ text, media }) => written(text, media)))
          const places = cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b)
          expect(split(bytes, places)).toEqual(
            lines.map(({ text, media }, index) =>
              comparable({ line: index + 1, bytes: Buffer.from(text), ...defined({ media }) }),
            ),
          )
        },
      ),
    )
  })

  it('tells media of no bytes from none', () => {
    const bytes = Buffer.concat([written('a', new Uint8Array()), written('b')])
    expect(split(bytes)).toEqual([
      { line: 1, text: 'a', media: '' },
      { line: 2, text: 'b' },
    ])
  })

  it('lets a line pass that is too long with its media, however it is cut, and goes on', () => {
    const bytes = Buffer.concat([
      written('x'.repeat(6), Buffer.alloc(5, '\n')),
      written('x'.repeat(11)),
      written('x'.repeat(11), Buffer.alloc(3)),
      written('x', Buffer.alloc(50, '7 ')),
      written('x'.repeat(5), Buffer.alloc(5, 7)),
    ])
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(split(bytes, [cut], 10)).toEqual([
        { line: 1 },
        { line: 2 },
        { line: 3 },
        { line: 4 },
        { line: 5, text: 'xxxxx', media: '0707070707' },
      ])
    }
  })

  it.each([
    '{"url":"https://a.example/"}\n',
    '-1 a\n',
    '1.5 a\n',
    ' a\n',
    '\n',
    '0x3 a\n',
    '5- a\n',
  ])('reads nothing behind %j, of which it cannot be told where it ends', (bad) => {
    const bytes = Buffer.concat([written('a'), Buffer.from(bad), written('b')])
    const fault = 'the line does not begin with how many bytes of media follow it'
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(split(bytes, [cut])).toEqual([
        { line: 1, text: 'a' },
        { line: 2, fault },
      ])
    }
  })

  it('takes no number that no file has', () => {
    expect(split(Buffer.from('999999999999 a\n'))).toMatchObject([{ line: 1, fault: /ended/ }])
    expect(split(Buffer.from('9999999999999 a\n'))).toMatchObject([{ line: 1, fault: /begin/ }])
  })

  it('hands on no media that broke off, wherever that was', () => {
    const bytes = written('a', Buffer.from('picture'))
    const fault = 'the feed ended before the line and its media were there'
    for (let end = 1; end < bytes.length; end += 1) {
      expect(split(bytes.subarray(0, end))).toEqual([{ line: 1, fault }])
    }
    expect(split(Buffer.of())).toEqual([])
    expect(split(bytes)).toHaveLength(1)
  })

  it('holds no more of what is announced than has come, and nothing of what is too long', () => {
    const splitter = new MediaLineSplitter(100_000)
    splitter.push(Buffer.from(`90000 {}\n${'x'.repeat(1_000)}`))
    expect(splitter.heldBytes).toBe(1_002)
    const other = new MediaLineSplitter(100_000)
    other.push(Buffer.from('99999999999 {}\n'))
    for (let chunk = 0; chunk < 100; chunk += 1) other.push(Buffer.alloc(50_000))
    expect(other.heldBytes).toBe(0)
  })
})
