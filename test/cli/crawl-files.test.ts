import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { crawlRecords, createCrawlMemory } from '../../src/cli/feed/crawl/crawl-records.ts'
import { createCrawlTally } from '../../src/cli/feed/crawl/tally.ts'
import { RecordFile } from '../../src/cli/feed/record-file.ts'
import { MIB, readCrawl, said, urlOf } from './read-crawl.ts'
import { END, gzipped, httpOf, recordOf, responseOf } from './warc.ts'

let directory: string
let jpeg: Buffer
let other: Buffer
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-crawl-'))
  jpeg = await sceneJpeg(1, { width: 160, height: 120 })
  other = await sceneJpeg(2, { width: 160, height: 120 })
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

describe('a file', () => {
  it('is read the same in whatever pieces it comes', async () => {
    // Neither compresses: longer than what is inflated at once, and by far.
    const noise = [70_000, 700_000, 3 * MIB].map((bytes) => noiseOf(bytes))
    const records = noise.flatMap((bytes, at) => [
      responseOf(urlOf(`${String(at)}.bin`), bytes),
      responseOf(urlOf(`${String(at)}.jpg`), Buffer.concat([jpeg, bytes])),
    ])
    for (const file of [gzipped(records), Buffer.concat(records)]) {
      const whole = await readCrawl(file, { piece: file.length })
      expect(said(whole.lines)).toEqual(['0.jpg', '1.jpg', '2.jpg'])
      for (const piece of [997, 4096, 65_536, 1_000_003]) {
        expect(await readCrawl(file, { piece })).toEqual(whole)
      }
    }
    const small = gzipped([responseOf(urlOf('a.jpg'), jpeg), responseOf(urlOf('b.jpg'), other)])
    expect(await readCrawl(small, { piece: 1 })).toEqual(await readCrawl(small))
  })

  it('goes on at any place that it gave, of which one may lie within a gzip member', async () => {
    const records = ['a', 'b', 'c', 'd'].map((name) => responseOf(urlOf(name), jpeg))
    for (const file of [
      gzipped(records),
      Buffer.concat(records),
      Buffer.concat([gzipSync(Buffer.concat(records.slice(0, 3))), gzipped(records.slice(3))]),
    ]) {
      const { places } = await readCrawl(file)
      const rests = await Promise.all(places.map((from) => readCrawl(file, { from })))
      expect(rests.map(({ lines }) => said(lines).join(''))).toEqual(['bcd', 'cd', 'd', ''])
    }
  })

  it('comes again by a record of which not all lines are answered', async () => {
    const path = join(directory, 'cut.warc')
    const records = ['a', 'b'].map((name) =>
      responseOf(urlOf(name), jpeg, { 'Content-Length': '99999' }),
    )
    writeFileSync(path, Buffer.concat(records))
    const candidate = { id: 'one', path, size: statSync(path).size, modifiedMs: 1 }
    const limits = { mediaBytesMax: MIB, lineBytesMax: MIB }
    const options = { limits, byUrl: true, tally: createCrawlTally() }
    const read = crawlRecords(options, createCrawlMemory())
    const file = await RecordFile.open(candidate, undefined, read)
    const begins: (number | undefined)[] = []
    for await (const line of file?.lines(true, candidate) ?? []) {
      line.answered(false)
      begins.push((await file?.place())?.position)
    }
    await file?.close()
    const [first = 0] = records.map(({ length }) => length)
    expect(begins).toEqual([0, first, first, 2 * first])
  })

  const broken: readonly (readonly [string, () => Buffer, fault: string])[] = [
    ['says less than it holds', () => recordOf(httpOf(jpeg), { length: 100 }), 'wrong-length'],
    ['says more than it holds', () => recordOf(httpOf(jpeg), { length: 10 * MIB }), 'wrong-length'],
    ['has no length', () => recordOf(httpOf(jpeg), { length: 'many' }), 'wrong-length'],
    ['has a negative length', () => recordOf(httpOf(jpeg), { length: -1 }), 'wrong-length'],
    ['is none', () => Buffer.from('something else altogether'), 'no-record'],
    [
      'has endless headers',
      () => Buffer.from(`WARC/1.0\r\nx: ${'a'.repeat(20 * MIB)}`),
      'head-too-long',
    ],
    ['ends in its headers', () => Buffer.from('WARC/1.0\r\nWARC-Type: resp'), 'wrong-length'],
  ]

  it.each(broken)('goes on behind a member whose record %s', async (_name, record, fault) => {
    const file = gzipped([responseOf(urlOf('a'), jpeg), record(), responseOf(urlOf('b'), other)])
    const { lines, counts } = await readCrawl(file)
    expect(said(lines)).toEqual(['a', fault, 'b'])
    expect(counts?.faults).toEqual({ [fault]: 1 })
  })

  it('holds little of a member that inflates without end', async () => {
    const bomb = recordOf(Buffer.alloc(256 * MIB), { url: urlOf('bomb') })
    const file = gzipped([bomb, responseOf(urlOf('b'), other)])
    const before = process.memoryUsage.rss()
    const { lines } = await readCrawl(file)
    expect(said(lines)).toEqual(['head-too-long', 'b'])
    expect(process.memoryUsage.rss() - before).toBeLessThan(128 * MIB)
  })

  it('believes nothing behind a record whose end it cannot tell, nor the record itself', async () => {
    // Were it read on from the next that looks like one, a site could speak for another.
    const smuggled = responseOf('https://innocent.example/', jpeg)
    const page = responseOf(urlOf('page'), Buffer.concat([Buffer.from(END), smuggled]))
    const short = Buffer.from(
      page.toString('latin1').replace(/(?<=Content-Length: )\d+/, '40'),
      'latin1',
    )
    const { lines } = await readCrawl(
      Buffer.concat([responseOf(urlOf('a'), jpeg), short, smuggled]),
    )
    expect(said(lines)).toEqual(['a', 'wrong-length'])
    const damaged = gzipped([responseOf(urlOf('a'), jpeg), responseOf(urlOf('b'), other), smuggled])
    const second = gzipped([responseOf(urlOf('a'), jpeg)]).length
    damaged[second + 600] = (damaged[second + 600] ?? 0) ^ 0xff
    expect(said((await readCrawl(damaged)).lines)).toEqual(['a', 'damaged'])
  })

  it.each(['compressed', 'plain'])('that is cut off, %s, ends with what is whole', async (how) => {
    const records = [responseOf(urlOf('a'), jpeg), responseOf(urlOf('b'), other)]
    const file = how === 'plain' ? Buffer.concat(records) : gzipped(records)
    const first = (how === 'plain' ? records[0] : gzipped(records.slice(0, 1)))?.length ?? 0
    for (const cut of [5, 200, 900, file.length - first - 5]) {
      const { lines, places } = await readCrawl(file.subarray(0, first + cut))
      expect(said(lines)).toEqual(['a', 'truncated'])
      expect(places.at(-1)).toEqual({ position: first, inside: 0 })
    }
  })

  it('that was changed anywhere never ends badly, and shows nothing that is not in it', async () => {
    const records = ['a', 'b', 'c'].map((name, at) =>
      responseOf(urlOf(name), at % 2 === 0 ? jpeg : other),
    )
    const shown = new Map([
      [urlOf('a'), jpeg],
      [urlOf('b'), other],
      [urlOf('c'), jpeg],
    ])
    const whole = gzipped(records)
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), cut: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        let file = Buffer.from(whole)
        for (const { at, byte, cut } of changes) {
          if (cut) file = Buffer.concat([file.subarray(0, at), file.subarray(at + byte)])
          else if (at < file.length) file[at] = byte
        }
        for (const { url = '', media } of (await readCrawl(file)).lines) {
          if (media !== undefined) expect(media).toBe(shown.get(url)?.toString('base64'))
        }
      }),
      { numRuns: 300 },
    )
  })
})

/** Bytes of which none follows from another, the same ones each time. */
function noiseOf(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = length
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}
