import { execFile } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Case } from '../../src/cases/index.ts'
import type { CrawlCounts } from '../../src/cli/feed/crawl/tally.ts'
import type { Item } from '../../src/register/index.ts'
import { createHome, type Home } from './hindra.ts'
import { END, memberOf } from './tar.ts'

const run = promisify(execFile)
const SIZE = { width: 320, height: 240 }
const HIT = 'https://host.example/'
const SOURCE = 'screening'

let home: Home
let known: Buffer
/** Not to the byte, and near enough to be confirmed. */
let copy: Buffer
let other: Buffer
const key = { crawler: '', screener: '', reporter: '', analyst: '' }
let directory: string
let count = 0

beforeAll(async () => {
  known = await sceneJpeg(1, SIZE)
  copy = Buffer.concat([known, Buffer.from('a byte more')])
  other = await sceneJpeg(2, SIZE)
  home = createHome()
  await home.json(['init'])
  mkdirSync(join(home.data, 'policy'), { recursive: true })
  const policy = `version: house\nreportOnly: [${SOURCE}]\n`
  writeFileSync(join(home.data, 'policy', 'sources.yaml'), policy)
  await home.serve()
  key.crawler = (await home.person('Rack', 'crawler')).key
  const screener = await home.person('Sam', 'crawler-verdict')
  key.screener = screener.key
  const made = ['keys', 'create', screener.id, '--label', 'shards', '--source', SOURCE]
  key.reporter = ((await home.json(made)) as { secret: string }).secret
  key.analyst = (await home.person('Anna', 'analyst')).key
  const verifier = (await home.person('Bo', 'verifier')).key
  const file = join(home.directory, 'known.jpg')
  writeFileSync(file, known)
  const { stdout } = await home.run(['register', file, '--classification', 'Baseline', '--json'], {
    key: key.analyst,
  })
  const { answer } = JSON.parse(stdout) as { answer: Item }
  await home.run(['items', 'show', answer.id], { key: verifier })
  await home.json(['verify', answer.id, '--reason', 'seen'], { key: verifier })
})
afterAll(() => home.dispose())

beforeEach(() => {
  count += 1
  directory = join(home.directory, `shards-${String(count)}`)
  mkdirSync(directory)
})

interface ReportRow {
  readonly shard: string
  readonly entry: string | null
  readonly verdict: string
  readonly reason: string | null
}

const report = () => join(directory, 'report.jsonl')

function reported(path = report()): readonly ReportRow[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ReportRow)
}

function flags(source: string): readonly string[] {
  return ['feed', source, '--state', join(directory, 'state.json'), '--json']
}

async function feed(as: keyof typeof key, source: string, ...more: readonly string[]) {
  const done = await home.run([...flags(source), ...more], { key: key[as] })
  const rows = done.stdout.split('\n').filter((line) => line !== '')
  const summary = (JSON.parse(rows.at(-1) ?? '{}') as { summary?: Summary }).summary
  return { ...done, summary }
}
interface Summary {
  readonly verdicts: Readonly<Record<string, number>>
  readonly refused: number
  readonly crawl?: CrawlCounts
}

function samplesOf(...samples: readonly (readonly [string, Buffer | string, url?: string])[]) {
  return Buffer.concat(
    samples.flatMap(([name, bytes, url]) => [
      memberOf(`${name}.jpg`, bytes),
      memberOf(`${name}.json`, JSON.stringify(url === undefined ? { key: name } : { url })),
      memberOf(`${name}.txt`, 'a caption'),
    ]),
  )
}

function written(name: string, content: Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, name.endsWith('gz') ? gzipSync(content) : content)
  return path
}

async function casesAt(...urls: readonly string[]): Promise<readonly (Case | undefined)[]> {
  const all = (await home.json(['cases', 'list'], { key: key.analyst })) as {
    readonly items?: readonly Case[]
  }
  const list = Array.isArray(all) ? (all as readonly Case[]) : (all.items ?? [])
  return urls.map((url) => list.find((one) => one.url === url))
}

/** A shard of all that may come, its URLs below a path of its own. */
function mixed(at: string) {
  return Buffer.concat([
    samplesOf(
      ['000000001', known, `${HIT}${at}/1.jpg`],
      ['000000002', copy],
      ['000000003', other, `${HIT}${at}/3.jpg`],
      ['000000004', 'no picture'],
      ['000000005', other],
    ),
    END,
  ])
}
const MIXED = [
  ['000000001.jpg', 'confirmed', null],
  ['000000002.jpg', 'confirmed', null],
  ['000000003.jpg', 'none', null],
  ['000000004.jpg', 'unjudged', 'no-media'],
  ['000000005.jpg', 'none', null],
]

describe('a report of a shard', () => {
  it.each(['mixed.tar', 'mixed.tar.gz'])(
    'as %s names each entry and its verdict, and hits at URLs are cases',
    async (name) => {
      const path = written(name, mixed(name))
      const { code, stderr, summary, stdout } = await feed('screener', path, '--report', report())
      expect(reported().map((row) => Object.keys(row))).toEqual(
        MIXED.map(() => ['shard', 'entry', 'verdict', 'reason']),
      )
      expect(reported().map(({ entry, verdict, reason }) => [entry, verdict, reason])).toEqual(
        MIXED,
      )
      expect(new Set(reported().map(({ shard }) => shard))).toEqual(new Set([name]))
      expect(code).toBe(7)
      expect(stderr).toMatch(/MEDIA_UNSUPPORTED: .*mixed\.tar.*:000000004\.jpg/)
      expect(summary?.verdicts).toEqual({ confirmed: 2, none: 2 })
      expect(summary?.crawl).toMatchObject({ records: { sample: 5 }, faults: { 'no-media': 1 } })
      expect(stdout).not.toContain('caseId')
      const [hit, miss] = await casesAt(`${HIT}${name}/1.jpg`, `${HIT}${name}/3.jpg`)
      expect(hit).toMatchObject({ url: `${HIT}${name}/1.jpg` })
      expect(miss).toBeUndefined()
      const shown = (await home.json(['cases', 'show', hit?.id ?? ''], {
        key: key.analyst,
      })) as Case
      expect(shown.observations.at(-1)).toMatchObject({ reference: `${name}/000000001.jpg` })
    },
  )

  it('by a source that is for reports opens no case, and is counted', async () => {
    const path = written('quiet.tar', mixed('quiet'))
    await feed('reporter', path, '--report', report())
    expect(reported().map(({ verdict }) => verdict)).toEqual(MIXED.map(([, verdict]) => verdict))
    expect(await casesAt(`${HIT}quiet/1.jpg`)).toEqual([undefined])
    // Nor does it by any other way.
    const line = JSON.stringify({ url: `${HIT}quiet/1.jpg`, media: known.toString('base64') })
    const sent = await home.run(['feed', '-', '--json'], { key: key.reporter, stdin: `${line}\n` })
    expect(sent.stdout).toContain('"answer":{"verdict":"exact"}')
    expect(await casesAt(`${HIT}quiet/1.jpg`)).toEqual([undefined])
  })

  it('is read from a pipe, from a directory, and written as CSV', async () => {
    const stdin = gzipSync(mixed('pipe'))
    const csv = join(directory, 'report.csv')
    await home.run(['feed', '-', '--report', csv], { key: key.screener, stdin })
    expect(readFileSync(csv, 'utf8')).toBe(
      [['shard', 'entry', 'verdict', 'reason'], ...MIXED.map((row) => ['stdin', ...row])]
        .map((row) => `${row.join(',')}\n`)
        .join(''),
    )
    mkdirSync(join(directory, 'all'))
    written('all/00000.tar', Buffer.concat([samplesOf(['1', known]), END]))
    written('all/00001.tgz', Buffer.concat([samplesOf(['1', other]), END]))
    written('all/00002.tar.zst', Buffer.from('28b52ffd00', 'hex'))
    written('all/lines.ndjson', Buffer.from('{"url":"https://host.example/"}\n'))
    await feed('screener', join(directory, 'all'), '--report', report())
    const rows = reported().map(({ shard, entry, verdict }) => [shard, entry, verdict])
    expect(rows.toSorted()).toEqual([
      ['00000.tar', '1.jpg', 'confirmed'],
      ['00001.tgz', '1.jpg', 'none'],
      ['00002.tar.zst', null, 'unjudged'],
    ])
  })

  it('of what GNU tar wrote of files named as webdataset names them', async () => {
    for (const [name, bytes] of [
      ['a', known],
      ['b', other],
    ] as const) {
      writeFileSync(join(directory, `${name}.jpg`), bytes)
      writeFileSync(join(directory, `${name}.json`), '{"key": "a", "url": "not a URL"}')
    }
    const files = ['a.jpg', 'a.json', 'b.jpg', 'b.json']
    await run('tar', ['-czf', 'gnu.tar.gz', ...files], { cwd: directory })
    const { code } = await feed('screener', join(directory, 'gnu.tar.gz'), '--report', report())
    expect(code).toBe(0)
    expect(reported().map(({ entry, verdict }) => [entry, verdict])).toEqual([
      ['a.jpg', 'confirmed'],
      ['b.jpg', 'none'],
    ])
  })

  it('has media that fit in no line, in their order', async () => {
    const large = Buffer.concat([known, Buffer.alloc(200_000)])
    const tar = samplesOf(['1', other], ['2', large], ['3', other], ['4', large])
    const path = written('large.tar', Buffer.concat([tar, END]))
    const done = await home.run([...flags(path), '--report', report()], {
      key: key.screener,
      env: { HINDRA_SERVER_LINE_BYTES_MAX: '131072' },
    })
    expect(done.code).toBe(0)
    expect(reported().map(({ entry, verdict }) => [entry, verdict])).toEqual([
      ['1.jpg', 'none'],
      ['2.jpg', 'confirmed'],
      ['3.jpg', 'none'],
      ['4.jpg', 'confirmed'],
    ])
  })

  it('is refused where it is none, or another one is there', async () => {
    const path = written('a.tar', Buffer.concat([samplesOf(['1', known]), END]))
    const named = await feed('screener', path, '--report', join(directory, 'report.txt'))
    expect(named.stderr).toContain('INVALID_INPUT: --report')
    writeFileSync(report(), 'something of mine\n')
    const there = await feed('screener', path, '--report', report())
    expect(there.stderr).toContain('name another report')
    expect(readFileSync(report(), 'utf8')).toBe('something of mine\n')
    rmSync(report())
    const lines = written('lines.ndjson', Buffer.from('{}\n'))
    expect((await feed('screener', lines, '--report', report())).stderr).toContain('a report is of')
    expect(existsSync(report())).toBe(false)
    const piped = { key: key.screener, stdin: '{}\n' }
    const other = await home.run(['feed', '-', '--report', join(directory, 'p.csv')], piped)
    expect(other.stderr).toContain('a report is of a tar')
  })
})

describe('whoever is told no verdicts', () => {
  it('is refused a report before anything is sent, by the server', async () => {
    const path = written('a.tar', mixed('refused'))
    const { code, stderr } = await feed('crawler', path, '--report', report())
    expect(code).toBe(3)
    expect(stderr).toContain('FORBIDDEN')
    expect(readFileSync(report(), 'utf8')).toBe('')
    expect(await casesAt(`${HIT}refused/1.jpg`)).toEqual([undefined])
  })

  it('learns counts alone, which are the same whatever hits; what has no URL is not sent', async () => {
    const hits = written('hits.tar', mixed('crawler'))
    const miss = Buffer.concat([
      samplesOf(
        ['000000001', other, `${HIT}m/1.jpg`],
        ['000000002', other],
        ['000000003', other, `${HIT}m/3.jpg`],
        ['000000004', 'no picture'],
        ['000000005', other],
      ),
      END,
    ])
    const misses = written('miss.tar', miss)
    const [one, two] = [await feed('crawler', hits), await feed('crawler', misses)]
    const told = ({ stdout }: typeof one) =>
      stdout.replaceAll(/(?:hits|miss)\.tar/g, 'x.tar').replaceAll(/"seconds":\d+/g, '')
    expect(told(one)).toBe(told(two))
    expect(one.summary?.verdicts).toEqual({ received: 2 })
    expect(one.summary?.crawl?.outcomes).toEqual({ media: 2, elsewhere: 2, neither: 1 })
    expect(await casesAt(`${HIT}crawler/1.jpg`)).toEqual([
      expect.objectContaining({ url: `${HIT}crawler/1.jpg` }),
    ])
  })
})

describe('a report that was broken off', () => {
  const NAMES = Array.from({ length: 40 }, (_, at) => String(at).padStart(9, '0'))

  it.each(['tar', 'tar.gz'])(
    'by SIGKILL goes on, nothing twice and nothing lost: .%s',
    async (end) => {
      const samples = NAMES.map((name, at) => [name, at % 5 === 0 ? known : other] as const)
      const tar = Buffer.concat([samplesOf(...samples), END])
      const path = written(`killed.${end}`, tar)
      let kills = 0
      for (;;) {
        const child = home.start([...flags(path), '--report', report()], { key: key.screener })
        const ended = once(child, 'close')
        const wanted = 8 + kills * 8
        const isThere = () => existsSync(report()) && reportedLines() >= wanted
        while (child.exitCode === null && !isThere()) {
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
        if (child.exitCode === null && kills < 3) {
          child.kill('SIGKILL')
          kills += 1
        }
        const [code] = (await ended) as [number | null]
        if (code !== null) break
      }
      expect(kills).toBeGreaterThan(0)
      expect(reported().map(({ entry, verdict }) => [entry, verdict])).toEqual(
        samples.map(([name, bytes]) => [`${name}.jpg`, bytes === known ? 'confirmed' : 'none']),
      )
      const again = await feed('screener', path, '--report', report())
      expect(again.code).toBe(0)
      expect(reported()).toHaveLength(NAMES.length)
    },
    60_000,
  )

  function reportedLines(): number {
    return readFileSync(report(), 'utf8').split('\n').length - 1
  }

  it('by the end of a shard that grows has what came when it is read again', async () => {
    const all = Buffer.concat([samplesOf(['1', known], ['2', other], ['3', known]), END])
    const [, second = 0] = ['1.jpg', '2.json'].map((name) => all.indexOf(name))
    const path = written('grows.tar', all.subarray(0, second))
    const first = await feed('screener', path, '--report', report())
    expect(first.stderr).toContain('the file ends in the middle')
    expect(
      reported().map(({ entry, verdict, reason }) => entry ?? verdict + String(reason)),
    ).toEqual(['1.jpg', '2.jpg', '2.jpg'])
    writeFileSync(path, all)
    expect((await feed('screener', path, '--report', report())).code).toBe(0)
    expect(reported().map(({ entry, verdict }) => [entry, verdict])).toEqual([
      ['1.jpg', 'confirmed'],
      ['2.jpg', 'none'],
      ['3.jpg', 'confirmed'],
    ])
    expect((await feed('screener', path, '--report', report())).code).toBe(0)
    expect(reported()).toHaveLength(3)
  })

  it('is begun anew where it is gone, and not gone on with where it was changed', async () => {
    const path = written('a.tar', Buffer.concat([samplesOf(['1', known], ['2', other]), END]))
    await feed('screener', path, '--report', report())
    copyFileSync(report(), join(directory, 'kept.jsonl'))
    rmSync(report())
    await feed('screener', path, '--report', report())
    expect(reported()).toEqual(reported(join(directory, 'kept.jsonl')))
    truncateSync(report(), 10)
    expect((await feed('screener', path, '--report', report())).stderr).toContain('another report')
  })
})
