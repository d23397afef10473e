import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { ERRORS } from '../../src/errors.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { createHome, type Home } from './hindra.ts'

const PAGE =
  '<html><title>A board</title><p>see \u202Egnp.exe at https://swap.example/a<p>\u001B[2Jmore<a href="https://x.example/y">go</a>'

let home: Home
let host: Host
let anna: string

beforeAll(async () => {
  home = createHome()
  host = await httpHost(({ url }, response) => {
    const isThere = url === '/board'
    response.writeHead(isThere ? 200 : url === '/none' ? 404 : 200)
    response.end(isThere ? PAGE : 'words, and no page')
  })
  await home.json(['init'])
  anna = (await home.person('Anna', 'analyst')).key
  const fetch = { allowNetworks: ['127.0.0.0/8'], allowPorts: [host.port] }
  writeFileSync(join(home.directory, 'hindra.yaml'), stringify({ fetch }))
})
afterAll(async () => {
  await home.dispose()
  await host.close()
})

const settings = () => ({ HINDRA_CONFIG: join(home.directory, 'hindra.yaml') })
const run = (...args: readonly string[]) => home.run(args, { key: anna, env: settings() })

async function tipAt(path: string): Promise<string> {
  const args = ['tip', `${host.origin}${path}`]
  return ((await home.json(args, { key: anna, env: settings() })) as { id: string }).id
}

it('says what the page of a tip says, with nothing that moves a terminal or can be clicked', async () => {
  const id = await tipAt('/board')
  const { code, stdout } = await run('tips', 'page', id)
  expect(code).toBe(0)
  expect(stdout.replaceAll(String(host.port), 'PORT')).toBe(
    [
      'page   hxxp://127[.]0[.]0[.]1:PORT/board',
      'title  A board',
      '',
      'see [U+202E]gnp.exe at hxxps://swap[.]example/a',
      '[U+001B][2Jmorego',
      '',
      'leads by  to                     says',
      'link      hxxps://x[.]example/y  go',
      '',
    ].join('\n'),
  )
  const json = await home.json(['tips', 'page', id], { key: anna, env: settings() })
  expect(json).toMatchObject({ id, page: { links: [{ url: 'https://x.example/y' }] } })
})

it('fails by a code where there is nothing to read', async () => {
  for (const [path, code, words] of [
    ['/words', 'NO_PAGE', 'no page'],
    ['/none', 'FETCH_FAILED', 'status 404'],
  ] as const) {
    const { code: exit, stdout, stderr } = await run('tips', 'page', await tipAt(path))
    expect([path, exit, stdout]).toEqual([path, ERRORS[code].exit, ''])
    expect(stderr).toContain(`${code}: `)
    expect(stderr).toContain(words)
  }
  const { stderr } = await run('tips', 'page', await tipAt('/board?2'), '--page-url')
  expect(stderr).toContain('names no page')
})
