import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import type { ImportView, SourceView } from '../../src/exchange/index.ts'
import type { Item } from '../../src/register/index.ts'
import { createHome, type Home } from '../cli/hindra.ts'
import type { ExchangeServer } from './exchange-server.ts'
import { NCMEC_CREDENTIALS, type NcmecServer, startNcmec } from './ncmec-server.ts'
import {
  startStopNcii,
  STOPNCII_CREDENTIALS,
  STOPNCII_FEEDBACK_KEY,
  type StopNciiServer,
} from './stopncii-server.ts'
import { usually } from '../long.ts'

const ENTRIES = 60
const PAGE_ROWS = 5
const KILLS_AT = usually([5], [2, 5, 9])

let home: Home
let ncmec: NcmecServer
let stopNcii: StopNciiServer
let key: string

beforeAll(async () => {
  home = createHome()
  await home.json(['init'])
  key = (await home.person('partner', 'exchange', 'officer')).key
  ncmec = await startNcmec(PAGE_ROWS)
  stopNcii = await startStopNcii()
  appendFileSync(join(home.data, 'hindra.yaml'), '\nexchange:\n  allowHttpLoopback: true\n')
})
afterAll(async () => {
  await ncmec.close()
  await stopNcii.close()
  await home.dispose()
})

it('kill -9 between pages loses and doubles nothing', { timeout: 120_000 }, async () => {
  const random = new SeededRandom(3)
  for (let one = 0; one < ENTRIES; one += 1) {
    ncmec.entries.push({
      member: 7,
      id: `e${one}`,
      type: 'image',
      classification: 'A1',
      timestamp: new Date(Date.UTC(2026, 0, 1 + one)).toISOString().replace('.000Z', 'Z'),
      fingerprints: { md5: Buffer.from(random.bytes(16)).toString('hex') },
    })
  }
  const credentials = join(home.directory, 'ncmec.yaml')
  writeFileSync(credentials, JSON.stringify(NCMEC_CREDENTIALS))
  const json = (args: readonly string[]) => home.json(args, { key })
  await json(['lists', 'create', 'ncmec', '--kind', 'partner'])
  await json([
    ...['sources', 'add', 'ncmec', ncmec.url, '--protocol', 'ncmec'],
    ...['--credentials', credentials, '--classes', 'A1=Baseline'],
  ])

  let kill: () => void = () => undefined
  let left = [...KILLS_AT]
  let pages = 0
  ncmec.gate = () => {
    pages += 1
    if (pages !== left[0]) return Promise.resolve()
    left = left.slice(1)
    kill()
    return new Promise(() => undefined)
  }
  while (left.length > 0) {
    const server = await home.serve()
    const killed = new Promise<void>((resolve) => {
      kill = () => {
        void server.end('SIGKILL').then(() => {
          resolve()
        })
      }
    })
    await killed
  }
  await json(['sources', 'run', 'ncmec'])
  const source = (await json(['sources', 'show', 'ncmec'])) as SourceView
  expect(source).toMatchObject({ pages: ENTRIES / PAGE_ROWS, failures: 0 })
  // One import of all of it, whoever ran when.
  const imports = (await json(['imports'])) as ImportView[]
  expect(imports).toHaveLength(1)
  expect(imports[0]).toMatchObject({ added: ENTRIES, unchanged: 0, changed: 0, state: 'done' })
  const lists = (await json(['lists'])) as { name: string; entries: object }[]
  expect(lists.find(({ name }) => name === 'ncmec')?.entries).toMatchObject({ proposed: ENTRIES })
})

describe('kill -9 while an opinion is under way', () => {
  async function killedWhileSending(list: string, exchange: ExchangeServer): Promise<SourceView> {
    const json = (args: readonly string[]) => home.json(args, { key })
    const [item] = (await json(['items', '--list', list])) as Item[]
    const verifier = (await home.person(`bo-${list}`, 'verifier')).key
    await home.json(['item', 'agree', item?.id ?? ''], { key: verifier })
    const server = await home.serve()
    const killed = new Promise<void>((resolve) => {
      exchange.gate = () => {
        if (!/^(PUT|POST) /.test(exchange.requests.at(-1) ?? '')) return Promise.resolve()
        exchange.gate = () => Promise.resolve()
        void server.end('SIGKILL').then(() => {
          resolve()
        })
        return new Promise(() => undefined)
      }
    })
    const running = home.start(['sources', 'run', list], { key })
    await killed
    running.kill('SIGKILL')
    await json(['sources', 'run', list])
    return (await json(['sources', 'show', list])) as SourceView
  }

  it('sends it again where a repetition is the same vote', { timeout: 60_000 }, async () => {
    const { votes } = await killedWhileSending('ncmec', ncmec)
    expect(votes).toMatchObject({ sent: 1, waiting: 0, sending: 0, unsure: 0 })
    expect(ncmec.votes.size).toBe(1)
  })

  it('leaves it to a person where nobody knows what a repetition does', {
    timeout: 60_000,
  }, async () => {
    stopNcii.records.push({
      lastModtimestamp: 1_700_000_000,
      signalType: 'VideoMD5',
      hashStatus: 'Active',
      hashValue: '00112233445566778899aabbccddeeff',
    })
    const credentials = join(home.directory, 'ncii.yaml')
    const keys = { ...STOPNCII_CREDENTIALS, feedbackKey: STOPNCII_FEEDBACK_KEY }
    writeFileSync(credentials, JSON.stringify(keys))
    await home.json(['lists', 'create', 'ncii', '--kind', 'partner'], { key })
    const args = ['sources', 'add', 'ncii', stopNcii.url, '--protocol', 'stopncii']
    await home.json([...args, '--credentials', credentials, '--class', 'Harmful'], { key })
    await home.json(['sources', 'run', 'ncii'], { key })
    const { votes } = await killedWhileSending('ncii', stopNcii)
    expect(votes).toMatchObject({ sent: 0, waiting: 0, sending: 0, unsure: 1 })
    expect(stopNcii.requests.filter((line) => line.startsWith('POST'))).toHaveLength(1)
  })
})
