import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Case } from '../../src/cases/index.ts'
import type { CrawlCounts } from '../../src/cli/feed/crawl/tally.ts'
import type { Item } from '../../src/register/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { createHome, type Home } from './hindra.ts'
import { gzipped, httpOf, recordOf, responseOf } from './warc.ts'

const run = promisify(execFile)
const hasWget = await run('wget', ['--version']).then(
  () => true,
  () => false,
)
if (!hasWget) console.warn('wget is not installed: what it writes is not read here')

const SIZE = { width: 320, height: 240 }
const PAGE = '<!doctype html><title>Home</title><img src=a.jpg><a href=album/>more</a>'
const ALBUM = '<!doctype html><title>Album</title><img src=b.jpg><img src=/a-again.jpg>'

let home: Home
let site: Host
let known: Buffer
let other: Buffer
const key = { crawler: '', analyst: '', verifier: '' }
let directory: string
let count = 0

beforeAll(async () => {
  known = await sceneJpeg(1, SIZE)
  other = await sceneJpeg(2, SIZE)
  const shown = new Map<string, readonly [type: string, body: string | Buffer]>([
    ['/', ['text/html', PAGE]],
    ['/album/', ['text/html', ALBUM]],
    ['/a.jpg', ['image/jpeg', known]],
    ['/a-again.jpg', ['image/jpeg', known]],
    ['/album/b.jpg', ['image/jpeg', other]],
  ])
  site = await httpHost(({ url = '' }, response) => {
    const [type, body] = shown.get(url) ?? ['text/plain', 'nothing here']
    response.writeHead(shown.has(url) ? 200 : 404, { 'content-type': type })
    // Written in two, it has no length, and goes in chunks.
    response.write(body.slice(0, 20))
    response.end(body.slice(20))
  })
  home = createHome()
  await home.json(['init'])
  await home.serve()
  key.crawler = (await home.person('Rack', 'crawler-verdict')).key
  key.analyst = (await home.person('Anna', 'analyst')).key
  key.verifier = (await home.person('Bo', 'verifier')).key
  const file = join(home.directory, 'known.jpg')
  writeFileSync(file, known)
  const registered = await home.run(['register', file, '--classification', 'Baseline', '--json'], {
    key: key.analyst,
  })
  const { answer } = JSON.parse(registered.stdout) as { answer: Item }
  await home.run(['items', 'show', answer.id], { key: key.verifier })
  await home.json(['verify', answer.id, '--reason', 'seen'], { key: key.verifier })
})
afterAll(async () => {
  await home.dispose()
  await site.close()
})

beforeEach(() => {
  count += 1
  directory = join(home.directory, `crawls-${String(count)}`)
  mkdirSync(directory)
})

interface Row {
  readonly file: string
  readonly line: number
  readonly code?: string
  readonly reason?: string
  readonly answer?: { readonly verdict: string; readonly caseId?: string }
  readonly summary?: { readonly lines: number; readonly crawl?: CrawlCounts }
}

function rowsIn(text: string): readonly Row[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Row)
}

function flags(source: string): readonly string[] {
  return ['feed', source, '--state', join(directory, 'state.json'), '--json']
}

async function feed(
  source: string,
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const done = await home.run([...flags(source), ...more], { key: key.crawler, env })
  const rows = rowsIn(done.stdout)
  const summary = rows.at(-1)?.summary
  const said = rows
    .slice(0, -1)
    .map(({ answer, reason, code }) => answer?.verdict ?? reason ?? code)
  return { ...done, rows, said, crawl: summary?.crawl }
}

function wget(...args: readonly string[]) {
  const all = ['--quiet', '--recursive', '--page-requisites', '--delete-after', ...args]
  // What is not found ends it with an error, and is in the file nonetheless.
  return run('wget', [...all, `${site.origin}/`], { cwd: directory }).catch(() => undefined)
}

function written(name: string, records: readonly Uint8Array[]): string {
  const path = join(directory, name)
  writeFileSync(path, name.endsWith('.gz') ? gzipped(records) : Buffer.concat(records))
  return path
}

describe.runIf(hasWget)('a crawl by wget', () => {
  it.each([
    ['seen.warc.gz', []],
    ['seen.warc', ['--no-warc-compression']],
  ])('as %s has its media judged, with their pages and times', async (name, more) => {
    await wget('--warc-file=seen', ...more)
    const { code, said, crawl, rows } = await feed(join(directory, name))
    expect(code).toBe(0)
    expect(said.toSorted()).toEqual(['exact', 'exact', 'none'])
    expect(crawl).toMatchObject({
      records: { warcinfo: 1, request: 6, response: 6 },
      outcomes: { page: 2, media: 3, status: 1 },
      faults: {},
    })
    const caseId = rows.find(({ answer }) => answer?.verdict === 'exact')?.answer?.caseId ?? ''
    const { url, observations } = (await home.json(['cases', 'show', caseId], {
      key: key.analyst,
    })) as Case
    expect(url).toBe(`${site.origin}/a.jpg`)
    expect(observations.at(-1)).toMatchObject({
      pageUrl: `${site.origin}/`,
      referrer: `${site.origin}/`,
      httpStatus: 200,
      contentType: 'image/jpeg',
      resolvedIp: '127.0.0.1',
    })
    const { fetchedAt = '' } = observations.at(-1) ?? {}
    expect(readFileSync(join(directory, name)).length).toBeGreaterThan(known.length)
    expect(Math.abs(Date.now() - Date.parse(fetchedAt))).toBeLessThan(60_000)
    expect((await feed(join(directory, name))).said).toEqual([])
  })

  it('that repeats an earlier one has what it repeats looked up there', async () => {
    await wget('--warc-file=first', '--warc-cdx')
    await wget('--warc-file=second', '--warc-dedup=first.cdx')
    const both = await feed(directory)
    expect(both.crawl?.records).toMatchObject({ revisit: expect.any(Number) as number })
    expect(both.crawl?.outcomes).toMatchObject({ media: 6 })
    expect(both.said.filter((verdict) => verdict === 'exact')).toHaveLength(4)
    const alone = await home.run(['feed', '-', '--json'], {
      key: key.crawler,
      // The second alone, on standard input, which cannot be read again.
      stdin: readFileSync(join(directory, 'second.warc.gz')),
    })
    const crawl = rowsIn(alone.stdout).at(-1)?.summary?.crawl
    const { media = 0, 'unfound-revisit': unfound = 0 } = crawl?.outcomes ?? {}
    expect([unfound > 0, media + unfound]).toEqual([true, 3])
  })

  it('is killed in the middle, and goes on where it was', async () => {
    await wget('--warc-file=seen')
    const file = join(directory, 'seen.warc.gz')
    const total = 1_200
    const records: Buffer[] = []
    for (let at = 0; at < total; at += 1) {
      records.push(responseOf(`${site.origin}/${String(at)}.png`, await dotPng(at)))
    }
    appendFileSync(file, gzipped(records))
    const killed = home.start(flags(file), { key: key.crawler })
    const first: Row[] = []
    if (killed.stdout === null) throw new Error('no standard output')
    createInterface(killed.stdout).on('line', (line) => first.push(JSON.parse(line) as Row))
    killed.stderr?.resume()
    const ended = once(killed, 'close')
    const state = join(directory, 'state.json')
    const isBegun = () => existsSync(state) && /"line":[1-9]\d/.test(readFileSync(state, 'utf8'))
    await expect.poll(isBegun, { interval: 5 }).toBe(true)
    killed.kill('SIGKILL')
    await ended
    expect(first.length).toBeLessThan(total)
    expect(readFileSync(state, 'utf8')).not.toMatch(/http|seen|127\.0/)
    const again = await feed(file)
    const all = new Set([...first, ...again.rows.slice(0, -1)].map(({ line }) => line))
    expect(all.size).toBe(total + 3)
    // It went on where it was, rather than at the beginning.
    expect(again.rows[0]?.line).toBeGreaterThan(first[0]?.line ?? 0)
    expect(again.said.length).toBeLessThan(total)
    expect((await feed(file)).said).toEqual([])
  })

  it('is read out of a WACZ, which stores it as it is', async () => {
    await wget('--warc-file=seen')
    const file = await zipped('crawl.wacz', 'seen.warc.gz', 'ZIP_STORED')
    const { said, crawl } = await feed(file)
    expect(said.toSorted()).toEqual(['exact', 'exact', 'none'])
    expect(crawl?.faults).toEqual({})
    expect((await feed(file)).said).toEqual([])
  })
})

describe('a crawl', () => {
  it('that is broken in places is read where it is not, and each place is told', async () => {
    const file = written('broken.warc.gz', [
      responseOf('https://host.example/a.jpg', known),
      recordOf('x', { length: 99 }),
      responseOf('https://host.example/b.jpg', other),
    ])
    appendFileSync(
      file,
      gzipped([responseOf('https://host.example/c.jpg', known)]).subarray(0, 500),
    )
    const rejects = join(directory, 'refused.ndjson')
    const { code, said, stderr, crawl } = await feed(file, ['--rejects', rejects])
    expect([code, said]).toEqual([2, ['exact', 'wrong-length', 'none', 'truncated']])
    expect(crawl?.faults).toEqual({ 'wrong-length': 1, truncated: 1 })
    expect(stderr).toContain('the record is not as long as it says')
    expect(rowsIn(readFileSync(rejects, 'utf8')).map(({ line }) => line)).toEqual([2, 4])
    expect(readFileSync(rejects, 'utf8')).not.toContain('host.example')
    // What was cut off may be completed, and is looked at again; the rest is done.
    expect((await feed(file)).said).toEqual(['truncated'])
    writeFileSync(
      file,
      Buffer.concat([
        readFileSync(file).subarray(0, -500),
        gzipped([responseOf('https://host.example/c.jpg', known)]),
      ]),
    )
    expect((await feed(file)).said).toEqual(['exact'])
  })

  it('is one of several sources in a directory, and a broken one stops none of them', async () => {
    written('a.warc.gz', [responseOf('https://host.example/a.jpg', known)])
    written('b.warc', [responseOf('https://host.example/b.jpg', other)])
    writeFileSync(join(directory, 'c.wacz'), 'no archive at all')
    const hash = { type: 'md5', value: 'ab'.repeat(16) }
    const line = { url: 'https://host.example/d.jpg', hashes: [hash] }
    writeFileSync(join(directory, 'd.ndjson'), `${JSON.stringify(line)}\n`)
    const { said, rows } = await feed(directory)
    expect(said.toSorted()).toEqual(['damaged', 'exact', 'none', 'none'])
    expect(rows.at(-1)?.summary).toMatchObject({ lines: 4, refused: 1 })
    expect((await feed(directory)).said).toEqual(['damaged'])
  })

  it('by Zstandard is said to be unread, as a file or in a directory, each time', async () => {
    written('a.warc.gz', [responseOf('https://host.example/a.jpg', known)])
    for (const name of ['b.warc.zst', 'c.tar.zst', 'd.tzst', 'e.ndjson.zst']) {
      writeFileSync(join(directory, name), Buffer.from('28b52ffd00', 'hex'))
    }
    const unread = ['zstandard', 'zstandard', 'zstandard', 'zstandard']
    expect((await feed(directory)).said.toSorted()).toEqual(['exact', ...unread])
    const again = await feed(directory)
    expect(again.said).toEqual(unread)
    expect(again.code).toBe(2)
    expect((await feed(join(directory, 'b.warc.zst'))).said).toEqual(['zstandard'])
  })

  it('in a WACZ that compresses it once more, or has its entries share bytes, is refused', async () => {
    written('seen.warc.gz', [responseOf('https://host.example/a.jpg', known)])
    const deflated = await zipped('deflated.wacz', 'seen.warc.gz', 'ZIP_DEFLATED')
    expect((await feed(deflated)).said).toEqual(['zip-compressed'])
    const stored = readFileSync(await zipped('stored.wacz', 'seen.warc.gz', 'ZIP_STORED', 2))
    // The last entry is pointed at the bytes of the one before it.
    const last = stored.lastIndexOf('PK\u0001\u0002')
    const before = stored.lastIndexOf('PK\u0001\u0002', last - 1)
    stored.copy(stored, last + 42, before + 42, before + 46)
    const shared = join(directory, 'shared.wacz')
    writeFileSync(shared, stored)
    expect((await feed(shared)).said).toEqual(['damaged'])
  })

  it('is followed while it is written', async () => {
    const file = written('live.warc.gz', [responseOf('https://host.example/a.jpg', known)])
    const next = gzipped([responseOf('https://host.example/b.jpg', other)])
    const reader = home.start([...flags(file), '--follow'], { key: key.crawler })
    const rows: Row[] = []
    if (reader.stdout === null) throw new Error('no standard output')
    createInterface(reader.stdout).on('line', (line) => rows.push(JSON.parse(line) as Row))
    reader.stderr?.resume()
    const ended = once(reader, 'close')
    await expect.poll(() => rows.length).toBe(1)
    appendFileSync(file, next.subarray(0, 100))
    appendFileSync(file, next.subarray(100))
    await expect.poll(() => rows.length).toBe(2)
    reader.kill('SIGTERM')
    await ended
    expect(rows.map(({ answer }) => answer?.verdict)).toEqual(['exact', 'none', undefined])
  })

  it('has large media uploaded, and pages fetched where that is asked for', async () => {
    const film = Buffer.concat([known, Buffer.alloc(300_000)])
    const file = written('large.warc.gz', [
      responseOf('https://host.example/page', PAGE),
      responseOf('https://host.example/a.jpg', film),
      responseOf('https://host.example/b.jpg', other),
    ])
    const { said } = await feed(file, [], { HINDRA_SERVER_LINE_BYTES_MAX: '300000' })
    expect(said.toSorted()).toEqual(['confirmed', 'none'])
    const fetched = await feed(file, ['--fetch', '--state', join(directory, 'other.json')])
    expect(fetched.rows[0]).toMatchObject({
      line: 1,
      code: expect.stringMatching(/^FETCH_/) as string,
    })
    expect(fetched.crawl?.outcomes).toEqual({ page: 1, media: 2 })
  })

  it('shows what hosts would hide by what they say of it, and is not failed by what is cut', async () => {
    const at = (name: string) => ({ url: `https://host.example/hidden-${name}.jpg` })
    const records = [
      recordOf(httpOf(known, {}, '404 Not Found'), at('status')),
      recordOf(httpOf(known, { 'Content-Length': '99999999' }), at('length')),
      recordOf(httpOf(known, {}, '206 Partial Content'), at('part')),
      recordOf(httpOf(known), { ...at('stopped'), fields: { 'WARC-Truncated': 'length' } }),
      recordOf(httpOf(other.subarray(0, 700), { 'Content-Length': '9999' }), at('cut')),
    ]
    const { code, said, rows, stderr, crawl } = await feed(written('hidden.warc.gz', records))
    expect([code, said]).toEqual([0, ['exact', 'exact', 'exact', 'exact']])
    expect(crawl).toMatchObject({ outcomes: { media: 1, cut: 4 }, faults: {} })
    expect(rows.at(-1)?.summary).toMatchObject({ lines: 4, refused: 0 })
    expect(stderr).not.toContain('MEDIA_')
    // What is whole and cannot be decoded is told as ever.
    const whole = [recordOf(httpOf(other.subarray(0, 700)), at('whole'))]
    expect(await feed(written('damaged.warc.gz', whole))).toMatchObject({
      code: 7,
      said: ['MEDIA_CORRUPT'],
    })
  })

  it('that cuts media has them looked at as far as they go and at their host, if asked', async () => {
    const lied = { 'Content-Length': '99999999' }
    const records = [responseOf(`${site.origin}/nothing-here`, known, lied)]
    const file = written('cut.warc.gz', [...records, ...records])
    const { said, crawl } = await feed(file, ['--fetch'])
    expect(said).toEqual([
      'exact',
      expect.stringMatching(/^FETCH_/),
      'exact',
      expect.stringMatching(/^FETCH_/),
    ])
    expect(crawl?.outcomes).toEqual({ cut: 2 })
    expect((await feed(file, ['--fetch'])).said).toEqual([])
  })

  it('says what it is not', async () => {
    const zip = await home.run(['feed', '-'], { key: key.crawler, stdin: 'PK\u0003\u0004' })
    expect([zip.code, zip.stderr]).toEqual([2, expect.stringContaining('give it as a file')])
    const people = await home.run(
      ['feed', written('x.warc', [recordOf('x', { type: 'warcinfo' })])],
      {
        key: key.crawler,
      },
    )
    expect(people.stderr).toContain('1 records; 1 warcinfo')
  })
})

/** A ZIP that has a file below `archive/`, as often as is said. */
async function zipped(name: string, file: string, how: string, times = 1): Promise<string> {
  const script = [
    'import sys, zipfile',
    'name, file, how, times = sys.argv[1:]',
    'with zipfile.ZipFile(name, "w", getattr(zipfile, how)) as zip:',
    '    zip.writestr("datapackage.json", "{}")',
    '    for time in range(int(times)): zip.write(file, f"archive/{time}-{file}")',
  ].join('\n')
  await run('python3', ['-c', script, name, file, how, String(times)], { cwd: directory })
  return join(directory, name)
}

/** A picture of its own for each number. */
function dotPng(number: number): Promise<Buffer> {
  const colour = { r: number % 256, g: Math.floor(number / 256), b: 90 }
  const create = { width: 32, height: 32, channels: 3, background: colour } as const
  return sharp({ create }).png().toBuffer()
}
