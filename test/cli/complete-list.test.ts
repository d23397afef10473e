import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import type { ImportView } from '../../src/exchange/index.ts'
import { createHome, type Home } from './hindra.ts'
import { usually } from '../long.ts'

const ENTRIES = usually(1_200, 4_000)
const LEFT = 500
const WITHDRAWN = ENTRIES - LEFT

const random = new SeededRandom(12)
const hex = (bytes: number) => Buffer.from(random.bytes(bytes)).toString('hex')

let home: Home
let key: string

beforeAll(async () => {
  home = createHome()
  await home.json(['init'])
  key = (await home.person('partner', 'exchange', 'officer')).key
})
afterAll(() => home.dispose())

function file(name: string, text: string): string {
  const path = join(home.directory, name)
  writeFileSync(path, text)
  return path
}

async function importing(list: string, path: string, ...flags: readonly string[]) {
  const args = ['import', path, '--list', list, ...flags, '--json']
  const { code, stdout, stderr } = await home.run(args, { key })
  return { code, stderr, view: stdout === '' ? undefined : (JSON.parse(stdout) as ImportView) }
}

async function entriesOf(list: string): Promise<Readonly<Record<string, number>>> {
  const lists = (await home.json(['lists'], { key })) as {
    readonly name: string
    readonly entries: Readonly<Record<string, number>>
  }[]
  return lists.find(({ name }) => name === list)?.entries ?? {}
}

describe('hindra import --complete', () => {
  const flags = ['--format', 'local_file', '--class', 'Baseline']

  it('goes on where kill -9 left the withdrawal: none lost, none twice', async () => {
    await home.json(['lists', 'create', 'bulk', '--kind', 'partner'], { key })
    const lines = Array.from({ length: ENTRIES }, () => `md5 ${hex(16)}\n`)
    await importing('bulk', file('all.txt', lines.join('')), ...flags)
    const rest = file('rest.txt', lines.slice(0, LEFT).join(''))

    const refused = await importing('bulk', rest, ...flags, '--complete')
    expect(refused.code).toBe(5)
    expect(refused.stderr).toContain(`WITHDRAWAL_UNCONFIRMED: ${WITHDRAWN} of ${ENTRIES} entries`)
    const dry = await importing('bulk', rest, ...flags, '--complete', '--dry-run')
    expect([dry.code, dry.view?.deleted]).toEqual([0, WITHDRAWN])

    const server = await home.serve()
    const args = [
      'import',
      rest,
      '--list',
      'bulk',
      ...flags,
      '--complete',
      '--withdraw',
      `${WITHDRAWN}`,
    ]
    const child = home.start(args, { key })
    while (((await entriesOf('bulk'))['retracted'] ?? 0) < 300) await sleep(20)
    await server.end('SIGKILL')
    child.kill('SIGKILL')
    const gone = (await entriesOf('bulk'))['retracted'] ?? 0
    expect(gone).toBeLessThan(WITHDRAWN)
    const { code, view } = await importing('bulk', ...([rest, ...args.slice(4)] as const))
    expect([code, view?.deleted, view?.unchanged]).toEqual([0, WITHDRAWN, LEFT])
    expect(await entriesOf('bulk')).toMatchObject({ proposed: LEFT, retracted: WITHDRAWN })
    const again = await importing('bulk', rest, ...flags, '--complete')
    expect([again.view?.deleted, again.view?.withdrawal?.standing]).toEqual([0, LEFT])
    await home.serve()
  })

  it('stops at a refused line, and says so behind its report', async () => {
    const { code, stderr, view } = await importing(
      'bulk',
      file('odd.txt', `md5 ${hex(16)}\nmd5 nothex\n`),
      ...[...flags, '--complete'],
    )
    expect(code).toBe(5)
    expect(view).toMatchObject({ added: 1, refused: 1, deleted: 0, state: 'done' })
    expect(stderr).toMatch(/line 2: hash: [\s\S]*LIST_NOT_WHOLE: 1 lines were refused/)
    expect((await entriesOf('bulk'))['proposed']).toBe(LEFT + 1)
  })

  const classes = ['--classes', '1=Baseline,A=Baseline']
  const names = ['--classes', 'Baseline=1']
  it.each([
    ['csv', [], []],
    ['local_file', ['--class', 'Baseline'], []],
    ['threatexchange', ['--class', 'Baseline'], []],
    ['vics', classes, names],
    ['iwf', classes, names],
    ['icse', ['--classes', 'Yes=Baseline'], ['--classes', 'Baseline=Yes']],
  ] as const)(
    'as %s: what went out comes back, gone where it was gone',
    async (format, how, out) => {
      const [from, to] = [`${format}-from`, `${format}-to`]
      for (const list of [from, to]) {
        await home.json(['lists', 'create', list, '--kind', 'partner'], { key })
      }
      const rows = Array.from({ length: 6 }, (_, row) => `k${row},Baseline,${hex(16)}\n`)
      const all = file('rows.csv', `key,classification,md5\n${rows.join('')}`)
      await importing(from, all, '--format', 'csv')
      const exported = join(home.directory, `${from}.out`)
      const exporting = async () => {
        const args = ['lists', 'export', from, '--format', format, '--out', exported, ...out]
        await home.json([...args, '--reason', 'a round trip'], { key })
      }
      await exporting()
      const before = join(home.directory, 'before')
      copyFileSync(exported, before)
      const first = await importing(to, before, '--format', format, ...how, '--complete')
      expect(first.view).toMatchObject({ added: 6, deleted: 0, refused: 0 })
      const fewer = file('fewer.csv', `key,classification,md5\n${rows.slice(1).join('')}`)
      const cut = ['--format', 'csv', '--complete', '--withdraw', '1']
      expect((await importing(from, fewer, ...cut)).view).toMatchObject({ deleted: 1 })
      await exporting()
      // Formats that name what is deleted leave nothing that would be absent.
      const isNamed = format === 'csv' || format === 'threatexchange'
      const confirm = ['--withdraw', isNamed ? '0' : '1']
      const flagsOf = ['--format', format, ...how, '--complete', ...confirm]
      const second = await importing(to, exported, ...flagsOf)
      expect(second.view).toMatchObject({ unchanged: 5, deleted: 1, added: 0 })
      expect(await entriesOf(to)).toMatchObject({ proposed: 5, retracted: 1 })
      expect(readFileSync(exported, 'utf8')).not.toBe(readFileSync(before, 'utf8'))
    },
  )
})
