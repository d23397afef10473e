import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/audit/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import type { ImportView } from '../../src/exchange/index.ts'
import { createHome, type Home } from './hindra.ts'
import { usually } from '../long.ts'

const LINES = usually(2_000, 5_000)
/** More than a fast machine reads while a server starts and somebody looks how far it is. */
const KILLED_LINES = 10 * LINES
/** So many further it is killed, twice. */
const STRETCH = LINES / 5
const random = new SeededRandom(11)
const hex = (bytes: number) => Buffer.from(random.bytes(bytes)).toString('hex')

let home: Home
let key: string
let auditor: string

beforeAll(async () => {
  home = createHome()
  await home.json(['init'])
  key = (await home.person('partner', 'exchange', 'officer')).key
  auditor = (await home.person('auditor', 'auditor')).key
  for (const list of ['csv', 'local', 'threat', 'vic', 'iwf', 'bulk', 'again', 'killed']) {
    const made = await home.run(['lists', 'create', list, '--kind', 'partner'], { key })
    expect(made.stderr).toBe('')
  }
})
afterAll(() => home.dispose())

function file(name: string, text: string | Buffer): string {
  const path = join(home.directory, name)
  writeFileSync(path, text)
  return path
}

async function importing(list: string, path: string, ...flags: readonly string[]) {
  const args = ['import', path, '--list', list, ...flags, '--json']
  const { code, stdout, stderr } = await home.run(args, { key })
  if (stdout === '') throw new Error(stderr)
  return { code, stderr, view: JSON.parse(stdout) as ImportView }
}

function countsOf({ added, changed, unchanged, deleted, refused }: ImportView) {
  return { added, changed, unchanged, deleted, refused }
}

const LOCAL = ['--format', 'local_file', '--class', 'Baseline'] as const

function manyLines(count: number): string {
  return Array.from({ length: count }, () => `pdq ${hex(32)}\n`).join('')
}

const NONE = { added: 0, changed: 0, unchanged: 0, deleted: 0, refused: 0 }

describe('hindra import', () => {
  const [a, b, c] = [hex(16), hex(32), hex(32)]
  const csv = [
    'key,classification,md5,pdq,pdq_quality,note,deleted',
    `k1,Baseline,${a},,,"a note, with a comma",`,
    `k2,National,,${b},90,,`,
    `k3,Nonsense,,${c},90,,`,
    `k4,Baseline,nothex,,,,`,
    `k5,Baseline,,,,,`,
    '',
  ].join('\r\n')

  it('takes CSV, refuses line by line, and a dry run changes nothing', async () => {
    const path = file('a.csv', csv)
    const dry = await importing('csv', path, '--format', 'csv', '--dry-run')
    expect(countsOf(dry.view)).toEqual({ ...NONE, added: 2, refused: 3 })
    expect(dry.code).toBe(1)
    expect(await home.json(['items', '--list', 'csv'], { key })).toEqual([])

    const { view, stderr } = await importing('csv', path, '--format', 'csv')
    expect(countsOf(view)).toEqual({ ...NONE, added: 2, refused: 3 })
    expect(view.refusals.map(({ line, field }) => [line, field])).toEqual([
      [4, 'classification'],
      [5, 'md5'],
      [6, 'hashes'],
    ])
    expect(stderr).toContain('line 4: classification: ')
    expect(stderr).toContain('line 5: md5: md5 is written as 32 hex digits')
    expect(await home.json(['items', '--list', 'csv'], { key })).toHaveLength(2)
  })

  it('tells no hash of a line that it refuses, nor what may be one', async () => {
    const own = Buffer.from(random.bytes(33)).toString('base64')
    const nowhere = file(
      'nowhere.csv',
      `key,classification,md5,jurisdiction\n,Baseline,${a},at sea\nNote:${own},Baseline,${a},at sea\n`,
    )
    const keyless = await importing('csv', nowhere, '--format', 'csv', '--dry-run')
    expect(keyless.view.refusals.map((refusal) => refusal.key)).toEqual([
      `md5:${a.slice(0, 8)}…`,
      `Note:${own.slice(0, 8)}…`,
    ])
    const shown = await home.json(['imports', '--list', 'csv'], { key })
    const updates = [
      { id: b, type: `d${a.slice(1)}`, indicator: a },
      { id: `x-${own}`, type: 'HASH_NEW', indicator: a },
    ]
    const threat = file('typed.json', JSON.stringify({ data: updates }))
    const args = ['--format', 'threatexchange', '--class', 'Baseline', '--dry-run'] as const
    const typed = await importing('threat', threat, ...args)
    expect(typed.view.refusals.map(({ message }) => message)).toEqual([
      'is no hash that is kept',
      'HASH_NEW is no hash that is kept',
    ])
    const said = JSON.stringify([keyless, shown, typed])
    for (const hash of [a, b, own]) expect(said).not.toContain(hash.slice(1, 20))
  })

  it('says what changed, what is the same and what is gone; nothing is edited in place', async () => {
    const next = file(
      'b.csv',
      [
        'key,classification,md5,pdq,pdq_quality,note,deleted',
        `k1,Baseline,${a},,,"a note, with a comma",`,
        `k2,Baseline,,${b},90,,`,
        'k9,,,,,,true',
      ].join('\n'),
    )
    const changed = await importing('csv', next, '--format', 'csv')
    expect(countsOf(changed.view)).toEqual({ ...NONE, changed: 1, unchanged: 2 })
    const gone = file('c.csv', 'key,deleted\nk1,true\n')
    expect(countsOf((await importing('csv', gone, '--format', 'csv')).view)).toEqual({
      ...NONE,
      deleted: 1,
    })
    const living = await home.json(['items', '--list', 'csv', '--status', 'proposed'], { key })
    expect(living).toHaveLength(1)
  })

  it('takes local_file, ThreatExchange, VICS with its BOM and IWF', async () => {
    const local = file('l.txt', `# comment\npdq ${hex(32)}\nphotodna AAAA==\nwhat ${a}\nmd5\n`)
    const fromLocal = await importing(
      'local',
      local,
      '--format',
      'local_file',
      '--class',
      'Baseline',
    )
    expect(countsOf(fromLocal.view)).toEqual({ ...NONE, added: 2, refused: 2 })

    const threat = file(
      't.json',
      JSON.stringify({
        data: [
          { id: '1', type: 'HASH_PDQ', indicator: hex(32), should_delete: false },
          { id: '2', type: 'HASH_MD5', indicator: hex(16), should_delete: false },
          { id: '3', type: 'DOMAIN', indicator: 'x.example', should_delete: false },
          { id: '2', type: 'HASH_MD5', indicator: hex(16), should_delete: true },
        ],
        paging: {},
      }),
    )
    const fromThreat = await importing(
      'threat',
      threat,
      '--format',
      'threatexchange',
      '--class',
      'National',
    )
    expect(countsOf(fromThreat.view)).toEqual({ ...NONE, added: 2, deleted: 1, refused: 1 })

    const media = (id: number, category: number) => ({
      MediaID: id,
      Category: category,
      MD5: hex(16).toUpperCase(),
      SHA1: hex(20),
      PhotoDNA: 'AQID',
      VictimIdentified: true,
      Series: 's',
      Comments: 'c',
    })
    const vics = JSON.stringify({
      '@odata.context': 'x',
      value: [{ TotalMediaFiles: 99, Media: [media(1, 1), media(2, 2)] }, { Media: [media(3, 5)] }],
    })
    const vicsFile = file('v.json', Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(vics)]))
    const classes = ['--classes', '1=Baseline,2=National']
    const fromVics = await importing('vic', vicsFile, '--format', 'vics', ...classes)
    expect(countsOf(fromVics.view)).toEqual({ ...NONE, added: 2, refused: 1 })
    expect(fromVics.view.refusals).toMatchObject([{ line: 3, field: 'classification' }])
    const cut = file('cut.json', vics.slice(0, -20))
    const broken = await home.run(['import', cut, '--list', 'vic', '--format', 'vics'], { key })
    expect(broken.stderr).toMatch(/^INVALID_INPUT: the file is no whole JSON/m)
    const strange = file('strange.json', '{"posts":[]}')
    const none = await home.run(['import', strange, '--list', 'vic', '--format', 'vics'], { key })
    expect([none.code, none.stderr]).toEqual([
      broken.code,
      expect.stringMatching(/^INVALID_INPUT: nothing of the file was understood as vics/m),
    ])
    const imports = (await home.json(['imports', '--list', 'vic'], { key })) as ImportView[]
    expect(imports.map(({ state, fault }) => [state, fault?.split(',')[0] ?? null])).toEqual([
      ['failed', 'nothing of the file was understood as vics: it names no entry'],
      ['failed', 'the file is no whole JSON'],
      ['done', null],
    ])

    const iwf = file('i.csv', `ID,Category,AgeBand,MD5,SelfGenerated\n7,A,3-6,${hex(16)},true\n`)
    const fromIwf = await importing('iwf', iwf, '--format', 'iwf', '--classes', 'A=National')
    expect(countsOf(fromIwf.view)).toEqual({ ...NONE, added: 1 })
    const items = await home.json(['items', '--list', 'iwf'], { key })
    expect(items).toMatchObject([{ classification: 'National' }])
  })

  it('goes on where kill -9 of server or command left it: none lost, none doubled', async () => {
    const path = file('killed.txt', manyLines(KILLED_LINES))
    const args = ['import', path, '--list', 'killed', ...LOCAL]
    let server = await home.serve()
    for (const victim of ['server', 'command']) {
      const child = home.start(args, { key })
      const before = await position()
      while ((await position()) < before + STRETCH) await sleep(50)
      if (victim === 'server') {
        await server.end('SIGKILL')
        server = await home.serve()
      }
      child.kill('SIGKILL')
    }
    const went = await position()
    expect(went).toBeGreaterThanOrEqual(2 * STRETCH)
    expect(went).toBeLessThan(KILLED_LINES)
    const { view, stderr } = await importing('killed', path, ...LOCAL)
    expect(stderr).toContain('going on behind line')
    expect(countsOf(view)).toEqual({ ...NONE, added: KILLED_LINES })
    const lists = (await home.json(['lists'], { key })) as { name: string; entries: object }[]
    const killed = lists.find(({ name }) => name === 'killed')
    expect(killed?.entries).toMatchObject({ proposed: KILLED_LINES, verified: 0, retracted: 0 })
    await server.end('SIGTERM')

    const entries = await actions()
    const finished = entries.filter(({ subject }) => subject === view.id)
    expect(finished.map(({ action }) => action)).toEqual(['import.begin', 'import.finish'])
    expect(finished[1]?.detail).toMatchObject({ added: KILLED_LINES, merkleRoot: view.merkleRoot })
  })

  async function position(): Promise<number> {
    const response = await home.run(['imports', '--json'], { key })
    if (response.code !== 0) return 0
    const found = JSON.parse(response.stdout) as ImportView[]
    return found.find(({ list }) => list === 'killed')?.position ?? 0
  }
})

describe('hindra lists export', () => {
  beforeAll(async () => {
    const { view } = await importing('bulk', file('bulk.txt', manyLines(LINES)), ...LOCAL)
    expect(countsOf(view)).toEqual({ ...NONE, added: LINES })
  })

  async function exporting(list: string, format: string, ...flags: readonly string[]) {
    const out = join(home.directory, `${list}.${format}`)
    const why = ['--reason', 'a test of round trips', '--out', out]
    const args = ['lists', 'export', list, '--format', format, ...why, ...flags]
    return { out, said: await home.json(args, { key }) }
  }

  it.each(['csv', 'threatexchange'])('writes %s that is read back as it was', async (format) => {
    const { out } = await exporting('bulk', format)
    const { view } = await importing('bulk', out, '--format', format, '--class', 'Baseline')
    expect(countsOf(view)).toEqual({ ...NONE, unchanged: LINES })
    if (format !== 'csv') return
    const copy = await importing('again', out, '--format', 'csv')
    expect(copy.view.added).toBe(LINES)
    expect(readFileSync(out, 'utf8').split('\n')).toHaveLength(LINES + 2)
  })

  it('writes VICS 2.0 that is read back as it was, with or without BOM', async () => {
    const { out, said } = await exporting('vic', 'vics', '--classes', 'Baseline=1,National=2')
    expect(said).toMatchObject({ entries: 2, leftOut: 0 })
    const text = readFileSync(out, 'utf8')
    const { value } = JSON.parse(text) as { value: Record<string, unknown>[] }
    expect(value[0]).toMatchObject({ MediaID: 1, Category: 1, PhotoDNA: 'AQID' })
    const marked = file('marked.json', `\uFEFF${text}`)
    for (const path of [out, marked]) {
      const classes = ['--classes', '1=Baseline,2=National']
      const { view } = await importing('vic', path, '--format', 'vics', ...classes)
      expect(countsOf(view)).toEqual({ ...NONE, unchanged: 2 })
    }
    // A class without a name is not guessed.
    const opaque = await exporting('local', 'vics', '--classes', 'Baseline=1')
    expect(opaque.said).toMatchObject({ entries: 2, leftOut: 0 })
    expect(readFileSync(opaque.out, 'utf8')).toContain('"PhotoDNA":"AAAA=="')
    await expect(exporting('vic', 'vics', '--classes', 'Baseline=1')).rejects.toThrow(/National/)
  })

  it('writes an IWF-style CSV that is read back as it was, category, age band and all', async () => {
    const { out } = await exporting('iwf', 'iwf')
    expect(readFileSync(out, 'utf8')).toMatch(/^ID,Category,AgeBand,.*\n7,A,3-6,/)
    const { view } = await importing('iwf', out, '--format', 'iwf', '--classes', 'A=National')
    expect(countsOf(view)).toEqual({ ...NONE, unchanged: 1 })
  })

  it('is refused without the permission and without a reason, and is audited', async () => {
    const out = join(home.directory, 'no.csv')
    const args = ['lists', 'export', 'bulk', '--format', 'csv', '--out', out, '--reason']
    expect((await home.run([...args, 'why'], { key: auditor })).stderr).toMatch(/^FORBIDDEN/)
    expect((await home.run([...args, ' '], { key })).stderr).toMatch(/^INVALID_INPUT/)
    const shown = args.map((arg) => (arg === out ? '-' : arg))
    expect((await home.run([...shown, 'why'], { key })).stderr).toMatch(/^INVALID_INPUT: --out/)
    const exports = (await actions()).filter(({ action }) => action.startsWith('list-export.'))
    expect(exports.length).toBeGreaterThan(10)
    expect(JSON.stringify(exports)).not.toContain('round trips')
  })
})

async function actions(): Promise<readonly AuditEntry[]> {
  const all: AuditEntry[] = []
  for (let after: string | undefined; ; ) {
    const page = (await home.json(
      ['audit', '--limit', '1000', ...(after === undefined ? [] : ['--after', after])],
      { key: auditor },
    )) as AuditEntry[]
    all.push(...page)
    after = page.at(-1)?.cursor
    if (page.length < 1_000) return all
  }
}
