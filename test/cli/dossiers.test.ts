import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Dossier } from '../../src/dossiers/index.ts'
import { opened, openpgpKey, POLICE, run } from '../dossiers/desk.ts'
import type { Home } from './hindra.ts'
import { openTakedownHome } from './takedown-home.ts'

let keys: string
let home: Home
let officer: string
let analyst: string
let caseId: string
let close: () => Promise<void>

beforeAll(async () => {
  keys = mkdtempSync(join(tmpdir(), 'hindra-police-'))
  const confidence = { [POLICE]: { openpgp: openpgpKey(keys, POLICE) } }
  const opening = { country: 'TV', classification: 'Baseline', confidence }
  const world = await openTakedownHome({ ...opening, addresses: { police: POLICE } })
  ;({ home, officer, caseId, close } = world)
  analyst = (await home.person('Berit', 'analyst')).key
  // A server, a relay, people and keys of gpg come before the first test.
}, 180_000)
afterAll(async () => {
  await close()
  run(keys, 'gpgconf', ['--homedir', keys, '--kill', 'all'])
  rmSync(keys, { recursive: true, force: true })
})

const asOfficer = (...args: readonly string[]) => home.run(args, { key: officer })
const asAnalyst = (...args: readonly string[]) => home.run(args, { key: analyst })

it('an analyst looks, and proposes; an officer releases into a new file that gpg opens', async () => {
  const look = await asAnalyst(
    'cases',
    'dossier',
    caseId,
    '--to',
    POLICE,
    '--dry-run',
    '--lang',
    'sv',
  )
  expect(look.stdout).toMatch(/readable with key +[0-9A-F]{40}/)
  expect(look.stdout).toContain('UNDERLAG I ETT ÄRENDE, TILL POLISEN')
  expect(look.stdout).toMatch(/Läge: +pågår: någon är underrättad/)
  const needs = await asAnalyst('cases', 'dossier', caseId, '--to', POLICE)
  expect(needs.stderr).toContain('INVALID_INPUT: --reason is needed')

  const said = ['--to', POLICE, '--reason', 'they asked']
  const proposed = await asAnalyst('cases', 'dossier', caseId, ...said)
  const [, id = ''] = /dossier +(\S+)/.exec(proposed.stdout) ?? []
  expect(proposed.stdout).toContain(`hindra dossiers release ${id} --out dossier.tar.asc`)
  expect((await asOfficer('waiting')).stdout).toContain(`dossier-${id}`)
  expect((await asOfficer('dossiers', 'show', id)).stdout).toContain('as it was proposed')
  expect((await asAnalyst('dossiers', 'release', id)).stderr).toContain('FORBIDDEN')

  const out = join(home.directory, 'dossier.tar.asc')
  writeFileSync(out, 'somebody else’s')
  const refused = await asOfficer('dossiers', 'release', id, '--out', out)
  expect(refused.stderr).toContain('INVALID_INPUT')
  expect(readFileSync(out, 'utf8')).toBe('somebody else’s')
  rmSync(out)
  const released = await asOfficer('dossiers', 'release', id, '--out', out)
  expect(statSync(out).mode & 0o777).toBe(0o600)
  const text = readFileSync(out, 'utf8')
  expect(released.stdout).toContain(createHash('sha256').update(text).digest('hex'))
  expect(opened(keys, text).get('dossier.sv.txt')).toContain(caseId)

  const again = await asOfficer('dossiers', 'file', id)
  expect(`${again.stdout.trimEnd()}\n`).toBe(text)
  const [listed] = (await home.json(['dossiers', '--case', caseId], { key: officer })) as Dossier[]
  expect(listed).toMatchObject({ id, state: 'released', proposer: 'BERIT', to: POLICE })
  expect((await asOfficer('dossiers')).stdout).toMatch(/released .*BERIT .*OLA/)
})

it('police without a key are refused, and a withdrawn dossier is never released', async () => {
  const said = ['--reason', 'they asked']
  const keyless = await asAnalyst('cases', 'dossier', caseId, '--to', 'no@police.example', ...said)
  expect([keyless.code, keyless.stderr]).toEqual([5, expect.stringContaining('CONTACT_UNSUITABLE')])
  const made = await home.json(['cases', 'dossier', caseId, '--to', POLICE, ...said], {
    key: analyst,
  })
  const { id } = made as Dossier
  expect((await asOfficer('dossiers', 'withdraw', id, ...said)).stdout).toMatch(/withdrawn/)
  expect((await asOfficer('dossiers', 'release', id)).stderr).toContain('CONFLICT')
  expect((await asOfficer('waiting')).stdout).not.toContain(id)
})

it('people are shown by pseudonym, and by id in JSON', async () => {
  const { stdout } = await asOfficer('cases', 'show', caseId)
  expect(stdout).toMatch(/Z +- +open +ANNA/)
  const shown = (await home.json(['cases', 'show', caseId], { key: officer })) as {
    history: readonly { by: string }[]
  }
  expect(shown.history[0]?.by).toMatch(/^[0-9a-f]{8}-/)
  expect(stdout).not.toContain(shown.history[0]?.by)
  await asAnalyst('cases', 'take', caseId)
  expect((await asOfficer('cases', '--holder', 'berit')).stdout).toContain('BERIT until')
  expect((await asOfficer('cases', '--holder', 'none')).stdout).toMatch(/^nothing/)
  const override = ['trace', 'override', 'x.example', '--mail', 'abuse@x.example', '--reason', 'y']
  expect((await asAnalyst(...override)).stdout).toMatch(/x\.example.* BERIT /)
})
