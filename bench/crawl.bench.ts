import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { packageFile, SeededRandom } from '../src/core/index.ts'
import type { Bench } from './bench.ts'
import { cpuSecondsOf } from './command/cpu.ts'
import { createDesk, HINDRA } from './command/desk.ts'
import { median } from './measure.ts'

const ROUNDS = 5
const PAGES = 400
const TIMES = 25
const PAGE_BYTES = 40_000

export const cases = { pages: true }

/** CPU time of a whole command that reads a crawl without media, in turn with what inflates the same file. */
export async function run(bench: Bench): Promise<void> {
  if (!bench.wants('pages')) return
  const directory = mkdtempSync(join(tmpdir(), 'hindra-bench-'))
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
    rmSync(directory, { recursive: true })
  }
}

/** Pages of the words of the manuals, each record a gzip member. */
function pages(seed: number): Buffer {
  const random = new SeededRandom(seed)
  const manuals = readdirSync(packageFile('docs')).filter((name) => name.endsWith('.md'))
  const words = manuals.map((name) => readFileSync(packageFile(`docs/${name}`))).join('\n')
  const members = Array.from({ length: PAGES }, (_, number) => {
    const at = Buffer.from(random.bytes(4)).readUInt32BE() % (words.length - PAGE_BYTES)
    const html = `<!doctype html><p>${words.slice(at, at + PAGE_BYTES)}`
    const http = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${html}`)
    const head = [
      'WARC/1.0',
      'WARC-Type: response',
      `WARC-Target-URI: https://host.example/${String(number)}`,
      'WARC-Date: 2026-11-02T08:00:00Z',
      'Content-Type: application/http; msgtype=response',
      `Content-Length: ${String(http.length)}`,
    ]
    const end = Buffer.from('\r\n\r\n')
    return gzipSync(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), http, end]))
  })
  return Buffer.concat(Array.from({ length: TIMES }, () => members).flat())
}
