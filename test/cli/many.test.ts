import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/audit/index.ts'
import type { BatchReport } from '../../src/batches/index.ts'
import { createHome, type Home } from './hindra.ts'

/** More than two calls work on. */
const TIPS = 250

let home: Home
beforeAll(async () => {
  home = createHome()
  expect(await home.run(['init'])).toMatchObject({ code: 0 })
})
afterAll(() => home.dispose())

it('an act upon many whose server is killed goes on by the same command, and doubles nothing', async () => {
  const { key } = await home.person('ann', 'analyst')
  const auditor = await home.person('otto', 'auditor')
  const rows = Array.from(
    { length: TIPS },
    (_, at) => `http://host.example/${at}.jpg;;;R-${at};hotline;image`,
  )
  const list = join(home.directory, 'sister.csv')
  writeFileSync(list, ['URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE', ...rows].join('\n'))
  expect(await home.run(['tip', '--import', list], { key })).toMatchObject({ code: 0 })

  const said = ['--status', 'new', '--reason', 'the wrong list']
  const tried = await home.run(['tips', 'dismiss', ...said, '--dry-run'], { key })
  expect(tried.stdout).toContain(`--count ${TIPS}`)

  const server = await home.serve()
  const call = () =>
    fetch(`${server.url}/v1/tips/dismiss`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        query: { status: 'new' },
        said: { reason: 'the wrong list' },
        count: TIPS,
      }),
    })
  const first = (await (await call()).json()) as BatchReport
  expect(first).toMatchObject({ state: 'running', found: TIPS, done: 100 })
  const second = call().catch(() => undefined)
  await server.end('SIGKILL')
  await second

  const done = await home.run(['tips', 'dismiss', ...said, '--count', String(TIPS)], { key })
  expect(done.stdout).toContain(`${TIPS} of ${TIPS} dismissed, 0 left out`)
  const entries = (await home.json(['audit', 'list', '--all'], auditor)) as AuditEntry[]
  const dismissed = entries.filter(({ action }) => action === 'tip.dismiss')
  expect(new Set(dismissed.map(({ subject }) => subject)).size).toBe(TIPS)
  expect(dismissed).toHaveLength(TIPS)
  expect(new Set(dismissed.map(({ detail }) => detail['batch']))).toEqual(new Set([first.batchId]))
  expect(entries.filter(({ action }) => action === 'batch.begin')).toHaveLength(1)
}, 240_000)
