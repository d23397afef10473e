import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { ERRORS } from '../../src/errors.ts'
import type { Tip } from '../../src/intake/index.ts'
import { createHome, type Home } from './hindra.ts'

let home: Home
let crawler: string
let analyst: string

beforeAll(async () => {
  home = createHome()
  await home.json(['init'])
  crawler = (await home.person('Rack', 'crawler-verdict')).key
  analyst = (await home.person('Ada', 'analyst')).key
})
afterAll(() => home.dispose())

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(home.directory, name)
  writeFileSync(path, bytes)
  return path
}

describe('hindra submit', () => {
  const at = 'https://host.example/a.jpg'

  it('brings one sighting with its media', async () => {
    const path = file('a.jpg', await sceneJpeg(31, { width: 320, height: 240 }))
    const told = [at, '--page-url', 'https://host.example/', '--fetched-at', '2026-11-24T10:00:00Z']
    const args = ['submit', path, ...told, '--reference', 'r-1']
    expect(await home.json(args, { key: crawler })).toEqual({ verdict: 'none' })
    const { stdout } = await home.run(['submit', path, at], { key: crawler })
    expect(stdout).toMatch(/verdict\s+none/)
  })

  it('says what is wrong with it', async () => {
    const text = file('a.txt', 'no picture')
    const refusals = [
      [['submit', text, at], 'MEDIA_UNSUPPORTED'],
      [['submit', text, 'ftp://host.example/'], 'URL_INVALID'],
      [['submit', join(home.directory, 'none.jpg'), at], 'INVALID_INPUT'],
      [['submit', text], 'INVALID_INPUT'],
    ] as const
    for (const [args, code] of refusals) {
      const { code: exit, stderr } = await home.run(args, { key: crawler })
      expect([args, exit]).toEqual([args, ERRORS[code].exit])
      expect(stderr).toContain(code)
    }
  })
})

describe('tips', () => {
  it("come from a sister hotline's reports, wait in the queue, and are assessed or dismissed", async () => {
    const reports = [
      { ReportID: 1, Url: 'http://127.0.0.1/page', Items: [{ Url: 'http://127.0.0.1/1.jpg' }] },
      { ReportID: 2, Url: 'none' },
    ]
    const path = file('reports.json', `\uFEFF${JSON.stringify(reports)}`)
    const imported = await home.run(['tip', '--import', path], { key: analyst })
    expect(imported.code).toBe(2)
    expect(imported.stdout).toMatch(/2\s+url.*\n1 accepted \(0 known already\), 1 refused/)

    const md5 = '0'.repeat(32)
    const urgent = ['http://127.0.0.1/2.jpg', '--source', 'child-support-line']
    await home.json(['tip', ...urgent, '--hash', `md5=${md5}`], { key: analyst })
    const queue = async () => (await home.json(['tips', '--queue'], { key: analyst })) as Tip[]
    const [first, second] = await queue()
    expect([first?.url, second?.url]).toEqual(['http://127.0.0.1/2.jpg', 'http://127.0.0.1/1.jpg'])
    const shown = await home.run(['tips', 'show', first?.id ?? ''], { key: analyst })
    expect(shown.stdout).toMatch(/url\s+hxxp.*\n[^]*hashes\s+1/)

    const judged = ['--classification', 'Baseline', '--reason', 'as seen']
    const opened = await home.json(['assess', '--tip', second?.id ?? '', ...judged], {
      key: analyst,
    })
    expect(opened).toMatchObject({ url: 'http://127.0.0.1/1.jpg' })
    const dismissed = ['tips', 'dismiss', first?.id ?? '', '--reason', 'nothing there']
    expect(await home.json(dismissed, { key: analyst })).toMatchObject({ status: 'dismissed' })
    expect(await queue()).toEqual([])
  })

  it('say what is wrong with them', async () => {
    const broken = file('broken.json', '[{')
    for (const args of [
      ['tip', '--import', broken],
      ['tip', 'http://127.0.0.1/', '--hash', 'md5'],
      ['tip', 'http://127.0.0.1/', '--priority', '9'],
      ['assess', '--classification', 'Baseline', '--reason', 'x'],
    ]) {
      const { code, stderr } = await home.run(args, { key: analyst })
      expect([args, code]).toEqual([args, ERRORS.INVALID_INPUT.exit])
      expect(stderr).toContain('INVALID_INPUT')
    }
  })
})
