import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { packageFile, SeededRandom } from '../src/core/index.ts'
import type { Bench } from './bench.ts'
import { cpuSecondsOf } from './command/cpu.ts'
import { createDesk, HINDRA } from './command/desk.ts'
import { makeInstallation } from './feed/installation.ts'
import { grainyPictures } from './feed/pictures.ts'
import { poolRate } from './feed/pool-rate.ts'
import { startServerProcess } from './feed/server.ts'
import { median } from './measure.ts'

const ROUNDS = 5
const PAGES = 400
const TIMES = 25
const PAGE_BYTES = 40_000
const PICTURES = 8
/** A file of a crawler is closed at 1 GB, as a rule. */
const SENT = 2_000
const ITEMS = 10_000

export const cases = { pages: true, media: true }

export async function run(bench: Bench): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-bench-'))
  try {
    if (bench.wants('pages')) await benchPages(bench, directory)
    if (bench.wants('media')) await benchMedia(bench, directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** CPU time of a whole command that reads a crawl without media, in turn with what inflates the same file. */
async function benchPages(bench: Bench, directory: string): Promise<void> {
  const desk = await createDesk(directory)
  try {
    const file = join(directory, 'pages.warc.gz')
    writeFileSync(file, pages(bench.seed))
    const [own, peer]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round += 1) {
      const state = join(directory, `state-${String(round)}.json`)
      own.push(cpuSecondsOf([HINDRA, 'feed', file, '--state', state], desk.env))
      peer.push(cpuSecondsOf([file], desk.env, 'zcat'))
    }
    const [value, peerValue] = [median(own), median(peer)]
    const compared = { unit: 's of CPU', peer: 'zcat', peerValue, ratio: value / peerValue }
    bench.record({ case: 'pages', metric: '400 MB in 10,000 records', value, ...compared })
  } finally {
    desk.close()
  }
}

/** Pictures a second of a crawl of 1 GB, from the start of the command to its last answer, beside the pool alone. */
async function benchMedia(bench: Bench, directory: string): Promise<void> {
  const file = join(directory, 'media.warc.gz')
  await writeMedia(file, bench.seed)
  const { env, crawlerKey } = await makeInstallation(join(directory, 'house'), ITEMS, bench.seed)
  const server = await startServerProcess(env)
  try {
    const asked = { PATH: process.env['PATH'], HOME: directory, HINDRA_KEY: crawlerKey }
    const [rates, costs]: [number[], number[]] = [[], []]
    for (let round = 0; round <= ROUNDS; round += 1) {
      const state = join(directory, `media-${String(round)}.json`)
      const [start, before] = [performance.now(), server.cpuSeconds()]
      const args = ['feed', file, '--state', state, '--url', server.url]
      // By its first line, as users run it: that sets aside room for what passes through.
      const command = cpuSecondsOf(args, asked, HINDRA)
      // The first round warms the server.
      if (round === 0) continue
      rates.push((SENT * 1000) / (performance.now() - start))
      costs.push((1000 * (command + server.cpuSeconds() - before)) / SENT)
    }
    const [value, peerValue] = [median(rates), await poolRate(bench.seed, PICTURES)]
    const compared = { unit: 'images/s', peer: 'the pool alone', peerValue }
    bench.record({ case: 'media', metric: 'all', value, ...compared, ratio: value / peerValue })
    const cost = { value: median(costs), unit: 'ms of CPU/image' }
    bench.record({ case: 'media', metric: 'command and server', ...cost })
  } finally {
    await server.end()
  }
}

/** Pages of the words of the manuals, each record a gzip member. */
function pages(seed: number): Buffer {
  const random = new SeededRandom(seed)
  const manuals = readdirSync(packageFile('docs')).filter((name) => name.endsWith('.md'))
  const words = manuals.map((name) => readFileSync(packageFile(`docs/${name}`))).join('\n')
  const members = Array.from({ length: PAGES }, (_, number) => {
    const at = Buffer.from(random.bytes(4)).readUInt32BE() % (words.length - PAGE_BYTES)
    const html = Buffer.from(`<!doctype html><p>${words.slice(at, at + PAGE_BYTES)}`)
    return response(String(number), 'text/html', html)
  })
  return Buffer.concat(Array.from({ length: TIMES }, () => members).flat())
}

/** JPEGs of 500 KB, each record a gzip member, at URLs of their own. */
async function writeMedia(file: string, seed: number): Promise<void> {
  const pictures = await grainyPictures(seed, PICTURES)
  for (let number = 0; number < SENT; number += 1) {
    const picture = pictures[number % PICTURES] ?? Buffer.of()
    appendFileSync(file, response(`${String(number)}.jpg`, 'image/jpeg', picture))
  }
}

function response(path: string, contentType: string, body: Buffer): Buffer {
  const http = Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\n\r\n`),
    body,
  ])
  const head = [
    'WARC/1.0',
    'WARC-Type: response',
    `WARC-Target-URI: https://host.example/${path}`,
    'WARC-Date: 2026-11-02T08:00:00Z',
    'Content-Type: application/http; msgtype=response',
    `Content-Length: ${String(http.length)}`,
  ]
  const end = Buffer.from('\r\n\r\n')
  return gzipSync(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), http, end]))
}
