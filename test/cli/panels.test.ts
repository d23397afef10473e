import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { type MailServer, openMailServer } from '../takedown/mail-server.ts'
import { createHome, type Home, type Serving } from './hindra.ts'

/** Two people and a third on one picture, which a host really serves, until its notice has left. */
let home: Home
let host: Host
let relay: MailServer
let server: Serving
let settings: string
let picture: string
const key = { anna: '', bo: '', cy: '', ola: '' }

beforeAll(async () => {
  home = createHome()
  relay = await openMailServer()
  const bytes = await sceneJpeg(5, { width: 320, height: 240 })
  host = await httpHost((_request, response) => {
    response.setHeader('content-type', 'image/jpeg')
    response.end(bytes)
  })
  picture = `${host.origin}/a.jpg`
  await home.json(['init', '--admin', 'Ada'])
  const policy = join(home.directory, 'policy')
  mkdirSync(policy)
  const cases = { Baseline: 'two', National: 'two', Harmful: 'two', Ignore: 'two' }
  writeFileSync(join(policy, 'second-assessments.yaml'), stringify({ version: '1', cases }))
  settings = join(home.directory, 'hindra.yaml')
  const provider = { name: 'Loop', country: 'TV', abuseContact: 'abuse@loop.example' }
  writeFileSync(
    settings,
    stringify({
      fetch: { allowNetworks: ['127.0.0.0/8'], allowPorts: [host.port] },
      mail: { port: relay.port, from: 'notices@hotline.example' },
      policy: { directory: policy },
      route: { approveContacts: false },
      server: { tickSeconds: 3_600 },
      trace: {
        registries: false,
        providers: [{ ...provider, domains: [], networks: ['127.0.0.0/8'] }],
      },
    }),
  )
  server = await home.serve('--config', settings)
  for (const name of ['anna', 'bo', 'cy'] as const) {
    key[name] = (await home.person(name, 'analyst')).key
  }
  key.ola = (await home.person('ola', 'officer', 'auditor')).key
})
afterAll(async () => {
  await home.dispose()
  await relay.close()
  await host.close()
})

/** What the command prints for one of them. */
async function said(who: keyof typeof key, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await home.run(args, { key: key[who] })
  return `${stdout}${stderr}`
}
const judged = (classification: string) => ['--classification', classification, '--reason', 'seen']

describe('two people and a third on one picture', () => {
  it('the first waits, and its notice with it, also where the server is killed meanwhile', async () => {
    const first = await said('anna', 'assess', picture, ...judged('Baseline'))
    expect(first).toMatch(/^\S+ {2}waits for a second person: nothing is opened and nobody is told/)
    await said('ola', 'notices', 'send')
    expect(relay.received).toEqual([])
    await server.end('SIGKILL')
    server = await home.serve('--config', settings)
    expect(await said('anna', 'assess', '--second')).not.toContain('a.jpg')
    expect(await said('anna', 'assess', '--second', '--mine')).toContain('second')
    const waiting = await said('bo', 'assess', '--second')
    expect(waiting).toContain('a.jpg')
    expect(waiting).not.toMatch(/anna|Baseline|seen/i)
  })

  it('the second differs, and it waits for a third, who is shown neither', async () => {
    const [one] = (await home.json(['assess', '--second'], { key: key.bo })) as { id: string }[]
    const again = await said('anna', 'assess', picture, ...judged('Baseline'))
    expect(again).toMatch(/^SAME_PERSON: /)
    const second = await said('bo', 'assess', '--second', one?.id ?? '', ...judged('Harmful'))
    expect(second).toMatch(/two people differ, and it waits for a third, whose word counts/)
    expect(await said('bo', 'cases', 'of', picture)).not.toContain('open')
    const shown = await said('cy', 'assess', '--panel', one?.id ?? '')
    expect(shown).not.toMatch(/anna|bo\b|Baseline|Harmful/i)
  })

  it('the third decides, and what follows is announced and leaves', async () => {
    const [one] = (await home.json(['assess', '--second'], { key: key.cy })) as { id: string }[]
    const id = one?.id ?? ''
    const third = await said('cy', 'assess', '--second', id, ...judged('National'))
    expect(third).toMatch(/verdict +assessed/)
    expect(third).toMatch(/classification +National/)
    expect(third).toMatch(/who is told, by the rule /)
    const all = await said('ola', 'assess', '--panel', id)
    expect(all).toMatch(/a third person decided: case /)
    expect(all.match(/ANNA|BO|CY/g)).toEqual(['ANNA', 'BO', 'CY'])
    const csv = await said('ola', 'cases', 'assessments', '--all', '--csv')
    expect(csv.split('\n')[0]).toContain('panel,number')
    expect(await said('anna', 'assess', '--second')).not.toContain('a.jpg')
    await said('ola', 'notices', 'send')
    expect(relay.received.map(({ to }) => to)).toEqual([['abuse@loop.example']])
    expect(await said('ola', 'stats')).toMatch(/^agreement +-$/m)
  })
})
