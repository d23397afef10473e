import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { opened, openpgpKey, POLICE, run } from '../dossiers/desk.ts'
import { type ConsoleWorld, openConsole } from './browser.ts'

type Person = Awaited<ReturnType<ConsoleWorld['signIn']>>

let world: ConsoleWorld
let keys: string
let ann: Person
let olga: Person
let otto: Person
let audi: Person
let caseId: string

beforeAll(async () => {
  keys = mkdtempSync(join(tmpdir(), 'hindra-police-'))
  world = await openConsole({
    'trace.registries': false,
    'route.addresses': { police: POLICE },
    'takedown.confidence': { [POLICE]: { openpgp: openpgpKey(keys, POLICE) } },
  })
  ann = await world.signIn('ANN', 'analyst')
  olga = await world.signIn('OLGA', 'officer')
  otto = await world.signIn('OTTO', 'officer')
  audi = await world.signIn('AUDI', 'auditor')
  const by = { id: ann.id, pseudonym: 'ANN', kind: 'person', roles: ['analyst'] } as const
  const said = { classification: 'Baseline', reason: 'a child, as seen' } as const
  const url = 'http://192.0.2.7/a.jpg'
  caseId = (await world.api.engine.as(by).assessments.assess({ url, ...said })).id
})
afterAll(async () => {
  await world.dispose()
  run(keys, 'gpgconf', ['--homedir', keys, '--kill', 'all'])
  rmSync(keys, { recursive: true, force: true })
})

async function proposed(): Promise<string> {
  await olga.get(`/console/dossiers?caseId=${caseId}`)
  const { url } = await olga.submit('dossiers.propose', { to: POLICE, reason: 'they asked' })
  const [place = ''] = url.split('?')
  expect(place).toMatch(/^\/console\/dossiers\/[0-9a-f-]{36}$/)
  return place
}

it('is read, let go by another officer alone, and taken from the page by the police who can open it', async () => {
  const place = await proposed()
  const own = await olga.get(place)
  expect(own.html).toContain('somebody else lets it go')
  expect(own.html).not.toContain('dossiers.release')
  expect((await ann.get('/console/waiting')).html).toContain(`href="${place}"`)
  expect((await ann.get(place)).html).not.toContain('dossiers.release')
  const seen = await otto.get(place)
  expect(seen.html).toContain('hxxp://192[.]0[.]2[.]7/a.jpg')
  const released = await otto.submit('dossiers.release', {})
  expect(released.url).toBe(`${place}?file=true&done=1`)
  const [, text = ''] =
    /<textarea id="file-text"[^>]*>([^<]*)<\/textarea>/.exec(released.html) ?? []
  expect([...opened(keys, text).keys()]).toContain('dossier.json')
  expect((await ann.get(`${place}?file=true`)).html).not.toContain('BEGIN PGP')
  expect((await audi.get(place)).status).toBe(403)
  expect((await audi.get('/console/dossiers')).html).not.toContain(`href="${place}"`)
})

it('does not go where the case changed between reading and letting go', async () => {
  const place = await proposed()
  await otto.get(place)
  await world.api.engine.stages.store.transact((tx) =>
    world.api.engine.stages.cases.setCircumstances(
      tx,
      ann.id,
      caseId,
      { childCountry: 'SE' },
      'told',
    ),
  )
  const refused = await otto.submit('dossiers.release', {})
  expect([refused.status, refused.html.includes('role="alert"')]).toEqual([409, true])
  expect(refused.html).toContain('The case has changed since it was proposed')
  const again = await otto.submit('dossiers.release', {})
  expect(again.html).toContain('BEGIN PGP MESSAGE')
})

it('is let go or withdrawn, by whoever of two is first', async () => {
  const place = await proposed()
  await Promise.all([otto.get(place), olga.get(place)])
  const [one, other] = await Promise.all([
    otto.submit('dossiers.release', {}),
    olga.submit('dossiers.withdraw', { reason: 'they have it' }),
  ])
  expect([one.status, other.status].sort()).toEqual([200, 409])
})
