import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/index.ts'
import { HindraError } from '../../src/errors.ts'
import {
  certificate,
  type DossierDesk,
  opened,
  openDossierDesk,
  openpgpKey,
  PLAIN_POLICE,
  POLICE,
  POLICE_SMIME,
  run,
} from './desk.ts'

const HOST = 'abuse@alpha.example'
const PORTAL = 'portal@police.example'
const WEEK_HOURS = 7 * 24

let desk: DossierDesk
let caseId: string
let ways: ReturnType<typeof waysOf>
beforeAll(async () => {
  desk = await openDossierDesk()
  caseId = await desk.known('/known.jpg')
  ways = waysOf(desk.keys)
})
afterAll(() => desk.dispose())

const waysOf = (keys: string) => ({
  [POLICE]: { openpgp: join(keys, `${POLICE}.asc`) },
  [POLICE_SMIME]: { certificate: certificate(keys, POLICE_SMIME, '5') },
  [HOST]: { openpgp: openpgpKey(keys, HOST) },
  [PORTAL]: { portalOnly: true },
})

/** The police of the routes are at this address. */
async function policeAt(address: string): Promise<void> {
  await desk.restart({
    'route.addresses': { police: address },
    'takedown.confidence': ways,
    'takedown.keyWarnDays': 1,
  })
}

const propose = (to: string) =>
  desk.engine.as(desk.anna).dossiers.propose({ caseId, to, reason: 'they asked' })
const refusalOf = (answer: Promise<unknown>) =>
  answer.then(
    () => undefined,
    (error: unknown) => (error instanceof HindraError ? [error.code, error.message] : error),
  )

it('police with a certificate open theirs with openssl; once it has expired nothing leaves', async () => {
  await policeAt(POLICE_SMIME)
  const { id } = await propose(POLICE_SMIME.toUpperCase())
  const { text, fileName } = await desk.engine.as(desk.olga).dossiers.release({ id })
  expect(fileName).toBe(`dossier-${caseId}.tar.pem`)
  expect(text).toMatch(/^-----BEGIN CMS-----\n/)
  const parts = opened(desk.keys, text)
  expect(JSON.parse(parts.get('dossier.json') ?? '')).toMatchObject({ case: { id: caseId } })

  const waits = await propose(POLICE_SMIME)
  desk.clock.advance(WEEK_HOURS * HOUR_MS)
  expect(
    await refusalOf(desk.engine.as(desk.olga).dossiers.release({ id: waits.id })),
  ).toMatchObject(['CONTACT_UNSUITABLE', expect.stringContaining('expired')])
  expect(await refusalOf(propose(POLICE_SMIME))).toMatchObject([
    'CONTACT_UNSUITABLE',
    expect.anything(),
  ])
  const asked = { id: caseId, to: POLICE_SMIME }
  expect(await refusalOf(desk.engine.as(desk.anna).dossiers.preview(asked))).toMatchObject([
    'CONTACT_UNSUITABLE',
    expect.anything(),
  ])
  expect(await desk.engine.as(desk.olga).dossiers.show({ id: waits.id })).toMatchObject({
    state: 'proposed',
    released: null,
  })
})

it.each([
  ['police without a key', PLAIN_POLICE, PLAIN_POLICE, 'no key'],
  ['police who are told by a portal only', PORTAL, PORTAL, 'portal'],
  ['a host, though it has a key', POLICE, HOST, 'no address of the police'],
  ['police whom no route names', PLAIN_POLICE, POLICE, 'no address of the police'],
])('nothing is proposed to %s', async (_what, police, to, why) => {
  await policeAt(police)
  expect(await refusalOf(propose(to))).toMatchObject([
    'CONTACT_UNSUITABLE',
    expect.stringContaining(why),
  ])
  expect(await desk.engine.as(desk.olga).dossiers.list({ limit: 1_000 })).toHaveLength(2)
})

it('a key that was revoked is refused at the start', async () => {
  const address = 'revoked@police.example'
  const file = openpgpKey(desk.keys, address)
  const folder = join(desk.keys, 'openpgp-revocs.d')
  const revocation = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .find((text) => text.includes(address))
  // gpg guards the certificate against use by accident.
  run(desk.keys, 'gpg', ['--import'], Buffer.from((revocation ?? '').replace(/^:-----/m, '-----')))
  writeFileSync(file, run(desk.keys, 'gpg', ['--armor', '--export', address]))
  const confidence = { 'takedown.confidence': { [address]: { openpgp: file } } }
  await expect(desk.restart(confidence)).rejects.toMatchObject({
    code: 'INVALID_CONFIG',
    message: expect.stringMatching(/revoked@police\.example.*revoked/) as string,
  })
  await desk.restart({})
})
