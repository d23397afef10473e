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
})
