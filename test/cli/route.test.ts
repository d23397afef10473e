import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Case } from '../../src/cases/index.ts'
import type { RouteExplanation } from '../../src/takedown/index.ts'
import type { Tip } from '../../src/intake/index.ts'
import type { Contact } from '../../src/route/index.ts'
import type { NoticeExportView, Notice } from '../../src/takedown/index.ts'
import type { Override } from '../../src/trace/index.ts'
import { createHome, type Home } from './hindra.ts'

/** No registry is asked, and no name is looked up: hosts are addresses of documentation. */
const OFFLINE = {
  HINDRA_TRACE_REGISTRIES: 'false',
  HINDRA_TRACE_PROVIDERS: JSON.stringify([
    {
      name: 'Dutch Host',
      country: 'NL',
      abuseContact: 'a@nl.example',
      networks: ['198.51.100.0/24'],
    },
    {
      name: 'Front',
      kind: 'proxy',
      abuseContact: 'a@front.example',
      networks: ['203.0.113.0/24'],
    },
  ]),
}

let home: Home
let exported: { id: string; url: string }
let key: string
beforeAll(async () => {
  home = createHome()
  await home.run(['init'])
  key = (await home.person('Anna', 'analyst', 'officer')).key
})
afterAll(() => home.dispose())

const run = (...args: string[]) => home.run(args, { key, env: OFFLINE })
const json = (...args: string[]) => home.json(args, { key, env: OFFLINE })

describe('hindra route', () => {
  it('explains a URL: the look-ups, the rules that were tried, who is told', async () => {
    const { stdout } = await run('route', 'explain', 'http://198.51.100.7/a.jpg')
    expect(stdout).toMatch(/host +Dutch Host \(provider\), in NL/)
    expect(stdout).toMatch(/ {2}home: country is not home \(SE\): it is NL/)
    expect(stdout).toMatch(/→ abroad-with-a-hotline: hotline is true/)
    expect(stdout).toMatch(/hotline +Offlimits +ICCAM export \(NL\)/)
    expect(stdout).toMatch(/provider +198\.51\.100\.7 +Dutch Host/)
  })

  it('explains assumptions, which go before the trace', async () => {
    const child = ['--child', 'se', '--country', 'nl']
    const explained = (await json('route', 'explain', ...child)) as RouteExplanation
    expect(explained.decision.rule).toBe('home')
    expect(explained.host).toBeNull()
    expect((await run('route', 'explain')).stderr).toMatch(/INVALID_INPUT: give a URL/)
  })

  it('names no contact where nobody was found, and says what to do', async () => {
    const { stdout } = await run('route', 'explain', 'http://192.0.2.99/a.jpg')
    expect(stdout).toMatch(/^host +192\.0\.2\.99 [^\n]*\n +nobody was found: /)
    expect(stdout).toMatch(/nobody is told\.[^]*hindra trace override 192\.0\.2\.99 --mail/)
    expect(stdout).toContain('not told  host: no contact is known')
    expect(stdout).not.toContain('@')
  })

  it('lists contacts that wait', async () => {
    expect((await json('route', 'contacts', '--state', 'pending')) as Contact[]).toEqual([])
    const refused = await run('route', 'approve', 'nobody', '--reason', 'x')
    expect(refused.stderr).toMatch(/NOT_FOUND/)
  })
})

describe('hindra trace', () => {
  it('keeps what an analyst knows better, until it is taken back', async () => {
    const flags = ['--mail', 'desk@site.example', '--country', 'se', '--reason', 'by telephone']
    const set = (await json('trace', 'override', 'site.example', ...flags)) as Override
    const { stdout } = await run('trace', 'show', 'https://img.site.example/a.jpg')
    expect(stdout).toMatch(/contact +desk@site\.example/)
    expect(stdout).toMatch(/override +site\.example/)
    await run('trace', 'forget', set.id)
    expect(await json('trace', 'overrides')).toEqual([])
    const gone = await run('trace', 'show', 'https://img.site.example/a.jpg')
    expect(gone.stderr).toMatch(/NO_CONTACT/)
  })
})

describe('hindra hotline-exports', () => {
  it('takes what is queued for a hotline and shows it in either format', async () => {
    const url = 'http://198.51.100.7/b.jpg'
    const judged = ['--classification', 'Baseline', '--reason', 'seen']
    const opened = (await json('assess', url, ...judged)) as Case
    await run('notices', 'send')
    const [made] = (await json('hotline-exports', 'take', '--kind', 'iccam')) as NoticeExportView[]
    expect(made).toMatchObject({ country: 'NL', lines: 1 })
    const shown = await run('hotline-exports', 'show', made?.id ?? '', '--format', 'scart')
    expect(shown.stdout).toMatch(/^URL;REFERER;.*\r?\nhttp:\/\/198\.51\.100\.7\/b\.jpg;/)
    expect((await run('hotline-exports')).stdout).toContain(made?.name)
    exported = { id: made?.id ?? '', url }

    const learned = ['--child', 'SE', '--own-request', '--reason', 'the child wrote']
    const changed = (await json('cases', 'circumstances', opened.id, ...learned)) as Case
    expect(changed.circumstances).toMatchObject({ childCountry: 'SE', ownRequest: true })
  })
})

describe('what one hotline exports', () => {
  it.each(['json', 'scart'])('is a tip at another, by hindra tip --import (%s)', async (format) => {
    const { stdout } = await run('hotline-exports', 'show', exported.id, '--format', format)
    const file = join(home.directory, `from-sister.${format}`)
    writeFileSync(file, stdout)
    const sister = createHome()
    try {
      await sister.run(['init'])
      const { key: analyst } = await sister.person('Bea', 'analyst')
      const imported = await sister.run(['tip', '--import', file], { key: analyst })
      expect([imported.code, imported.stdout.trim()]).toEqual([
        ...[0, '1 accepted (0 known already), 0 refused\n1 new, 0 updated, 0 unchanged'],
      ])
      const [tip] = (await sister.json(['tips', '--queue'], { key: analyst })) as Tip[]
      expect(tip).toMatchObject({ url: exported.url, source: 'hotline', status: 'new' })
      expect(tip?.reference).toMatch(/^[0-9a-f-]{36}$/)
      expect(tip?.note).toMatch(/^source: .+/)
    } finally {
      await sister.dispose()
    }
  })
})

describe('hindra route origin', () => {
  it('goes on from what a proxy told: the host behind it is traced and told', async () => {
    const judged = ['--classification', 'Baseline', '--reason', 'seen']
    const { id } = (await json('assess', 'http://203.0.113.7/c.jpg', ...judged)) as Case
    await run('notices', 'send')
    const told = async () =>
      ((await json('notices', 'list', '--case', id)) as Notice[]).map(
        ({ channel, hostName, state }) => `${channel} ${hostName} ${state}`,
      )
    expect(await told()).toEqual(['mail Front queued', 'interpol-export INTERPOL queued'])

    const reason = ['--reason', 'answer of the proxy']
    const wrong = await run('route', 'origin', id, 'nowhere', ...reason)
    expect(wrong.stderr).toMatch(/INVALID_INPUT: addresses\.0: is no IP address/)
    const { stdout } = await run('route', 'origin', id, '198.51.100.9', ...reason)
    expect(stdout).toMatch(/name +Dutch Host/)
    expect(stdout).toMatch(/notices queued +1/)
    expect(await told()).toContain('iccam-export Offlimits queued')
    const [override] = (await json('trace', 'overrides')) as Override[]
    expect(override).toMatchObject({ host: '203.0.113.7', origin: ['198.51.100.9'] })
    await run('trace', 'forget', override?.id ?? '')
  })
})
