import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import type { ImportView, SourceView } from '../../src/exchange/index.ts'
import { createHome, type Home } from '../cli/hindra.ts'
import { NCMEC_CREDENTIALS, type NcmecServer, startNcmec } from './ncmec-server.ts'

const ENTRIES = 60
const PAGE_ROWS = 5
const KILLS_AT = [2, 5, 9]

let home: Home
let ncmec: NcmecServer
let key: string

beforeAll(async () => {
  home = createHome()
  await home.json(['init'])
  key = (await home.person('partner', 'exchange', 'officer')).key
  ncmec = await startNcmec(PAGE_ROWS)
})
afterAll(async () => {
  await ncmec.close()
  await home.dispose()
})

it('kill -9 between pages loses and doubles nothing', { timeout: 120_000 }, async () => {
  const random = new SeededRandom(3)
  for (let one = 0; one < ENTRIES; one += 1) {
    ncmec.entries.push({
      ...{ member: 7, id: `e${one}`, type: 'image', classification: 'A1' },
      timestamp: new Date(Date.UTC(2026, 0, 1 + one)).toISOString().replace('.000Z', 'Z'),
      fingerprints: { md5: Buffer.from(random.bytes(16)).toString('hex') },
    })
  }
  const credentials = join(home.directory, 'ncmec.yaml')
  writeFileSync(credentials, JSON.stringify(NCMEC_CREDENTIALS))
  appendFileSync(join(home.data, 'hindra.yaml'), '\nexchange:\n  allowHttpLoopback: true\n')
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
