import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry, AuditReport } from '../../src/audit/index.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home
let auditor: string
let checkpoints: string

beforeAll(async () => {
  home = createHome()
  await home.json(['init'])
  auditor = (await home.person('auditor', 'auditor')).key
  checkpoints = join(home.directory, 'checkpoints.ndjson')
})
afterAll(() => home.dispose())

describe('hindra audit', () => {
  it('lists who was let in, who was shown what, and who was not let in', async () => {
    const wrong = await home.run(['audit'], { key: `${auditor}x` })
    expect(wrong.code).toBe(3)
    await home.json(['items'], { key: auditor })
    const entries = (await home.json(['audit'], { key: auditor })) as AuditEntry[]
    const actions = entries.map(({ action }) => action)
    expect(actions).toContain('item.list')
    expect(actions).toContain('sign-in')
    expect(actions).toContain('sign-in.refused')
  })

  it('verifies the chain, against checkpoints too', async () => {
    const { stdout } = await home.run(['audit', 'checkpoint'], { key: auditor })
    writeFileSync(checkpoints, stdout)
    const args = ['audit', 'verify', '--checkpoint', checkpoints]
    const report = (await home.json(args, { key: auditor })) as AuditReport
    expect(report).toMatchObject({ intact: true, problems: [] })
    expect(report.entries).toBeGreaterThan(5)

    const other = join(home.directory, 'other.ndjson')
    const forged = { ...(JSON.parse(stdout) as object), hash: 'f'.repeat(64) }
    writeFileSync(other, JSON.stringify(forged))
    const rewritten = await home.run(['audit', 'verify', '--checkpoint', other], { key: auditor })
    expect(rewritten.code).toBe(1)
    expect(rewritten.stderr).toMatch(/^rewritten at \d+ /)
  })

  it('exports what can be verified without server and key, and shows a change in it', async () => {
    const file = join(home.directory, 'audit.ndjson')
    await home.json(['audit', 'export', '--out', file], { key: auditor })
    const again = await home.run(['audit', 'export', '--out', file], { key: auditor })
    expect(again.stderr).toMatch(/^INVALID_INPUT: .*EEXIST/)
    const verify = ['audit', 'verify', '--file', file, '--checkpoint', checkpoints]
    expect((await home.run(verify)).code).toBe(0)

    const lines = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, lines.map((line) => line.replace('person.add', 'person.off')).join('\n'))
    const changed = await home.run(verify)
    expect(changed.code).toBe(1)
    expect(changed.stderr).toMatch(/^changed at 1 /)
  })

  it('verifies beside an import, and calls nothing of it tampering', async () => {
    const { key } = await home.person('desk', 'analyst')
    const tips = Array.from(
      { length: 300 },
      (_, n) => `https://host.example/${n};;;T-${n};website;url`,
    )
    const file = join(home.directory, 'tips.csv')
    writeFileSync(file, ['URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE', ...tips].join('\n'))
    const server = await home.serve()
    const progress = { isOver: false }
    const imported = home.run(['tip', '--import', file], { key }).finally(() => {
      progress.isOver = true
    })
    const reports: AuditReport[] = []
    do {
      reports.push((await home.json(['audit', 'verify'], { key: auditor })) as AuditReport)
    } while (!progress.isOver)
    expect((await imported).code).toBe(0)
    expect(reports.flatMap(({ problems }) => problems)).toEqual([])
    expect(reports.length).toBeGreaterThan(2)
    // Every tip is an entry of its own: the log grew while it was read.
    expect((reports.at(-1)?.entries ?? 0) - (reports[0]?.entries ?? 0)).toBeGreaterThan(100)
    await server.end('SIGTERM')
  })
})
