import { once } from 'node:events'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { QuarterTable } from '../../src/stats/index.ts'
import { createHome, type Home, type Serving } from './hindra.ts'

let home: Home
let server: Serving
let key: string
let admin: string
let directory: string
let file: string
let state: string
let count = 0

beforeAll(async () => {
  home = createHome()
  await home.json(['init'])
  server = await home.serve()
  key = (await home.person('Rack', 'crawler-verdict')).key
  admin = (await home.person('Ada', 'admin', 'analyst')).key
})
afterAll(() => home.dispose())

beforeEach(() => {
  count += 1
  directory = join(home.directory, `spool-${String(count)}`)
  mkdirSync(directory)
  file = join(directory, 'seen.ndjson')
  state = join(home.directory, `state-${String(count)}.json`)
})

/** Lines with an MD5 that nobody registered: answered without a fetch. */
function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => line(from + index)).join('')
}

function line(number: number): string {
  const value = number.toString(16).padStart(32, '0')
  const hashes = [{ type: 'md5', value }]
  return `${JSON.stringify({ url: `https://host.example/${String(number)}`, hashes })}\n`
}

interface Row {
  readonly file: string
  readonly line: number
  readonly code?: string
  readonly field?: string
  readonly text?: string
  readonly answer?: { readonly verdict: string }
  readonly summary?: { readonly lines: number; readonly refused: number }
}

function rowsIn(stdout: string): readonly Row[] {
  return stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Row)
}

async function feed(source: string, ...flags: readonly string[]) {
  const done = await home.run(['feed', source, '--state', state, '--json', ...flags], { key })
  const rows = rowsIn(done.stdout)
  return { ...done, rows, numbers: rows.slice(0, -1).map((row) => row.line) }
}

/** The command in a process of its own, with each row as it comes. */
function follow(source: string, ...flags: readonly string[]) {
  const args = ['feed', source, '--state', state, '--json', ...flags]
  const child = home.start(args, { key })
  const rows: Row[] = []
  if (child.stdout === null) throw new Error('no standard output')
  createInterface(child.stdout).on('line', (text) => rows.push(JSON.parse(text) as Row))
  child.stderr?.resume()
  const ended = once(child, 'close') as Promise<[number | null]>
  return {
    rows,
    seen: () => rows.filter(({ summary }) => summary === undefined).length,
    async end(signal: NodeJS.Signals) {
      child.kill(signal)
      return (await ended)[0]
    },
  }
}

/** How many lines the state says are answered. Throws where there is no state yet. */
function savedLines(): number {
  const { files } = JSON.parse(readFileSync(state, 'utf8')) as { files: Record<string, Row> }
  return Object.values(files).reduce((sum, { line }) => sum + line, 0)
}

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

async function sightings(): Promise<number> {
  const { verdicts } = (await home.json(['stats'], { key: admin })) as QuarterTable
  return Object.values(verdicts).reduce((sum, verdict) => sum + verdict, 0)
}

describe('hindra feed', () => {
  it('submits a file once, and the next time only what came since', async () => {
    writeFileSync(file, lines(0, 5))
    const first = await feed(file)
    expect([first.code, first.numbers]).toEqual([0, [1, 2, 3, 4, 5]])
    expect(first.rows.at(-1)?.summary).toMatchObject({ lines: 5, refused: 0 })
    expect((await feed(file)).numbers).toEqual([])
    appendFileSync(file, `\n${lines(5, 7)}`)
    expect((await feed(file)).numbers).toEqual([7, 8])
    const kept = readFileSync(state, 'utf8')
    expect(kept).not.toMatch(/host|seen|http/)
    expect(statSync(state).mode & 0o777).toBe(0o600)
  })

  it('takes standard input, and the rows for people are hits and errors only', async () => {
    const text = `${lines(0, 3)}{"url":1}\n`
    const done = await home.run(['feed', '-'], { key, stdin: text })
    expect([done.code, done.stdout]).toEqual([2, ''])
    expect(done.stderr).toContain('(-:4)')
    expect(done.stderr).toContain('4 lines, 3 none, 1 refused')
  })

  it('goes on behind bad lines, and writes them down without what is in them', async () => {
    const rejects = join(home.directory, 'refused.ndjson')
    const bad = [
      '{"url":',
      '{"pageUrl":"https://host.example/","url":7}',
      `{"url":"https://host.example/${'x'.repeat(9_000)}"}`,
    ]
    writeFileSync(file, `${lines(0, 2)}${bad.join('\n')}\n`)
    appendFileSync(file, Buffer.from([0x22, 0xff, 0x22, 0x0a]))
    appendFileSync(file, lines(2, 4))
    const { rows, code, stderr } = await feed(file, '--rejects', rejects)
    expect(code).toBe(2)
    expect(
      rows.slice(0, -1).map(({ answer, code: refusal }) => answer?.verdict ?? refusal),
    ).toEqual(
      ['none', 'none', 'INVALID_INPUT', 'INVALID_INPUT', 'URL_INVALID', 'INVALID_INPUT'].concat(
        Array<string>(2).fill('none'),
      ),
    )
    expect(stderr).toContain('seen.ndjson:6)')
    const kept = readFileSync(rejects, 'utf8')
    expect(rowsIn(kept).map((row) => row.line)).toEqual([3, 4, 5, 6])
    expect(rowsIn(kept)[1]?.field).toBe('url')
    expect(kept).not.toContain('host.example')
    expect((await feed(file)).numbers).toEqual([])

    const whole = join(home.directory, 'whole.ndjson')
    state += '.other'
    await feed(file, '--rejects', whole, '--keep-lines')
    expect(readFileSync(whole, 'utf8')).toContain('host.example')
    expect(statSync(whole).mode & 0o777).toBe(0o600)
  })

  it('keeps no media and no hashes of a refused line, wherever they stand in it', async () => {
    const media = Buffer.alloc(3_000, 'a picture').toString('base64')
    const digest = 'ab'.repeat(32)
    const url = 'https://host.example/a.jpg'
    const fields = { url, reference: 'no. 7' }
    const bad: object[] = [
      { ...fields, httpStatus: 7, media },
      { ...fields, image: media },
      { ...fields, page: { media } },
      { url: ` data:image/jpeg;base64,${media}`, reference: 'no. 7' },
      { ...fields, contentType: media, hashes: [{ type: 'sha256', value: digest }], media: '!' },
    ]
    writeFileSync(file, bad.map((each) => `${JSON.stringify(each)}\n`).join(''))
    appendFileSync(file, `{"url":"${url}","media":"${media}"\n"${media}"\nnull\n`)
    const rejects = join(home.directory, 'kept.ndjson')
    await feed(file, '--rejects', rejects, '--keep-lines')
    const kept = rowsIn(readFileSync(rejects, 'utf8'))
    const texts = kept.map(({ text }) =>
      text === undefined ? undefined : (JSON.parse(text) as object),
    )
    expect(texts).toEqual([
      { ...fields, httpStatus: 7 },
      fields,
      fields,
      { reference: 'no. 7' },
      fields,
      ...Array<undefined>(3),
    ])
    expect(readFileSync(rejects, 'utf8')).not.toMatch(new RegExp(`${media.slice(0, 40)}|${digest}`))
  })

  it('keeps no URL that a picture stands in, and no digest that somebody took for a name', async () => {
    const media = Buffer.alloc(9_000, 'a picture').toString('base64')
    const small = media.slice(0, 160)
    const md5 = 'd41d8cd98f00b204e9800998ecf8427e'
    const sha256 = Buffer.alloc(32, 'digest').toString('base64url')
    const url = 'https://host.example/a.jpg'
    const pageUrl = `https://host.example/${'album/'.repeat(12)}?id=${md5}&q=å`
    const httpStatus = 7
    const bad: object[] = [
      { url: `https://host.example/data:image/jpeg;base64,${media}` },
      { url, pageUrl, referrer: `https://host.example/?img=${media}`, httpStatus },
      { url, pageUrl: `https://host.example/?img=${small}`, httpStatus },
      { url, referrer: `https://host.example/#DATA:image/png,${small.slice(0, 60)}`, httpStatus },
      { url: `https://host.example/?img=${small.replaceAll('=', '%3D')}&v=1`, httpStatus },
      { url: `https://host.example/${small.slice(0, 76)}%0D%0A${small.slice(76)}`, httpStatus },
      { url, reference: md5, idempotencyKey: `sha256-${sha256}`, httpStatus },
      { url: md5, reference: `urn:uuid:${crypto.randomUUID()}`, httpStatus },
      { url, [md5]: 1 },
    ]
    writeFileSync(file, bad.map((each) => `${JSON.stringify(each)}\n`).join(''))
    const rejects = join(home.directory, 'no-picture.ndjson')
    const { stderr, stdout } = await feed(file, '--rejects', rejects, '--keep-lines')
    const kept = readFileSync(rejects, 'utf8')
    expect(
      rowsIn(kept).map(({ text }) => Object.keys(JSON.parse(text ?? '{}') as object).join(' ')),
    ).toEqual([
      '',
      'url pageUrl httpStatus',
      'url httpStatus',
      'url httpStatus',
      'httpStatus',
      'httpStatus',
      'url httpStatus',
      'reference httpStatus',
      'url',
    ])
    const digests = new RegExp(`${media.slice(0, 40)}|"${md5}|${sha256}`)
    for (const told of [kept.replaceAll('\\"', '"'), stderr, stdout])
      expect(told).not.toMatch(digests)
    expect(stderr).toContain('there is no such field')
  })

  it('reads half a line again when its other half is there', async () => {
    const last = line(1)
    writeFileSync(file, line(0) + last.slice(0, 20))
    expect((await feed(file)).rows[1]).toMatchObject({ line: 2, code: 'INVALID_INPUT' })
    appendFileSync(file, last.slice(20, -1))
    expect((await feed(file)).rows[0]).toMatchObject({ line: 2, answer: { verdict: 'none' } })
    expect((await feed(file)).numbers).toEqual([])
  })

  it('is killed in the middle, and goes on without losing a line', async () => {
    const before = await sightings()
    const total = 40_000
    writeFileSync(file, lines(0, total))
    const killed = follow(file)
    await expect
      .poll(() => savedLines() > 0 && killed.seen() > 500, { timeout: 20_000, interval: 5 })
      .toBe(true)
    expect(await killed.end('SIGKILL')).toBe(null)
    const again = follow(file, '--follow')
    await expect.poll(() => again.rows.at(-1)?.line, { timeout: 30_000 }).toBe(total)
    expect(await again.end('SIGINT')).toBe(130)
    const all = new Set([...killed.rows, ...again.rows].map((row) => row.line))
    expect(numbers(1, total + 1).filter((number) => !all.has(number))).toEqual([])
    // It went on where it was, rather than at the beginning.
    expect(again.rows[0]?.line).toBeGreaterThan(1)
    expect((await sightings()) - before).toBeGreaterThanOrEqual(total)
    expect((await feed(file)).numbers).toEqual([])
  })

  it.each(['a followed file', 'standard input'])(
    'ends when its key does not pass, though %s may bring more',
    async (which) => {
      writeFileSync(file, lines(0, 3))
      const args = which === 'standard input' ? ['-'] : [file, '--follow', '--state', state]
      const reader = home.start(['feed', ...args], { key: `${key}x` })
      // Stays open behind its lines.
      reader.stdin?.write(lines(0, 3))
      const said: Buffer[] = []
      reader.stderr?.on('data', (chunk: Buffer) => said.push(chunk))
      const [code] = (await once(reader, 'close')) as [number | null]
      expect(code).toBe(3)
      expect(String(Buffer.concat(said))).toContain('UNAUTHENTICATED')
    },
  )

  it('follows a file that is renamed and one that is copied and truncated', async () => {
    writeFileSync(file, lines(0, 3))
    const reader = follow(file, '--follow')
    const seen = (number: number) => expect.poll(reader.seen, { timeout: 20_000 }).toBe(number)
    await seen(3)
    renameSync(file, `${file}.1`)
    appendFileSync(`${file}.1`, lines(3, 5))
    writeFileSync(file, lines(5, 8))
    await seen(8)
    appendFileSync(file, lines(8, 9))
    copyFileSync(file, `${file}-20261124`)
    truncateSync(file)
    appendFileSync(file, lines(9, 11))
    await seen(11)
    expect(await reader.end('SIGTERM')).toBe(143)
    expect((await feed(file)).numbers).toEqual([])
    expect(
      Object.keys((JSON.parse(readFileSync(state, 'utf8')) as { files: object }).files),
    ).toHaveLength(3)
  })

  it('reads what was rotated while it was away, and a file that was written anew', async () => {
    writeFileSync(file, lines(0, 3))
    await feed(file)
    appendFileSync(file, lines(3, 5))
    renameSync(file, `${file}.1`)
    writeFileSync(file, lines(5, 6))
    expect((await feed(file)).numbers).toEqual([4, 5, 1])
    truncateSync(file)
    // Longer than it was.
    writeFileSync(file, lines(10, 14))
    expect((await feed(file)).numbers).toEqual([1, 2, 3, 4])
  })

  it('reads the feeds of a directory, also those that come later', async () => {
    writeFileSync(join(directory, 'a.ndjson'), lines(0, 2))
    writeFileSync(join(directory, 'b.jsonl.3'), lines(2, 4))
    writeFileSync(join(directory, 'notes.txt'), 'no feed\n')
    const reader = follow(directory, '--follow')
    await expect.poll(reader.seen, { timeout: 20_000 }).toBe(4)
    writeFileSync(join(directory, 'c.ndjson'), lines(4, 6))
    appendFileSync(join(directory, 'a.ndjson'), lines(6, 7))
    await expect.poll(reader.seen, { timeout: 20_000 }).toBe(7)
    await reader.end('SIGINT')
    expect(reader.rows.at(-1)?.summary).toMatchObject({ lines: 7, refused: 0 })
  })

  it('says what is wrong', async () => {
    expect((await feed(join(directory, 'none'))).stderr).toContain('there is nothing at')
    writeFileSync(file, lines(0, 1))
    expect((await feed(file, '--keep-lines')).stderr).toContain('--rejects')
    writeFileSync(state, 'x')
    expect((await feed(file)).stderr).toContain('is no state of hindra feed')
    const keyless = await home.run(['feed', '-'], { key: 'hk_x', stdin: lines(0, 1) })
    expect(keyless.code).toBe(3)
    expect((await home.run(['feed', '--help'])).stdout).toContain('--rejects')
    expect(server.process.exitCode).toBe(null)
  })
})
