import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { AuditEntry } from '../../src/audit/index.ts'
import type { BatchReport } from '../../src/batches/index.ts'
import { httpHost } from '../intake/hosts.ts'
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

it('one word on one file whose server is killed goes on by the same command, and opens no case twice', async () => {
  const { key } = await home.person('bea', 'analyst')
  const picture = await sceneJpeg(7, { width: 160, height: 120 })
  const host = await httpHost((_request, response) => response.end(picture))
  const env = {
    HINDRA_FETCH_ALLOW_NETWORKS: '["127.0.0.0/8"]',
    HINDRA_FETCH_ALLOW_PORTS: JSON.stringify([host.port]),
  }
  const asked = { key, env }
  try {
    const rows = Array.from(
      { length: 25 },
      (_, at) => `${host.origin}/${at}.jpg;;;W-${at};police;image`,
    )
    const list = join(home.directory, 'wave.csv')
    writeFileSync(list, ['URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE', ...rows].join('\n'))
    expect(await home.run(['tip', '--import', list], asked)).toMatchObject({ code: 0 })
    const looked = await home.run(['tips', 'look', '--status', 'new', '--source', 'police'], asked)
    expect(looked).toMatchObject({ code: 0 })
    const [group] = (await home.json(['tips', 'groups'], asked)) as { first: string }[]
    const first = group?.first ?? ''
    const act = ['assess', '--alike', first, '--classification', 'Baseline', '--reason', 'as seen']
    const tried = await home.run([...act, '--dry-run'], asked)
    expect(tried.stdout).toContain('25 found: 25 would be assessed')

    const server = await home.serveWith({ env })
    const call = () =>
      fetch(`${server.url}/v1/tip-assessments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          query: { alike: first, status: 'new' },
          said: { classification: 'Baseline', reason: 'as seen' },
          count: 25,
        }),
      })
    const begun = (await (await call()).json()) as BatchReport
    expect(begun).toMatchObject({ state: 'running', found: 25, done: 10 })
    const second = call().catch(() => undefined)
    await server.end('SIGKILL')
    await second

    const done = await home.run([...act, '--count', '25'], asked)
    expect(done.stdout).toContain(`25 of 25 assessed, 0 left out (batch ${begun.batchId ?? ''})`)
    const cases = (await home.json(['cases', 'list', '--all'], asked)) as { url: string }[]
    expect(cases).toHaveLength(25)
    expect(new Set(cases.map(({ url }) => url)).size).toBe(25)
  } finally {
    await host.close()
  }
}, 240_000)
