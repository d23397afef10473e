import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { defined, HOUR_MS } from '../../src/core/index.ts'
import { HindraError } from '../../src/errors.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { readDossierPolicy } from '../../src/dossiers/index.ts'
import { storedText } from '../stored-text.ts'
import { type DossierDesk, opened, openDossierDesk, POLICE } from './desk.ts'

let desk: DossierDesk
beforeAll(async () => {
  desk = await openDossierDesk()
})
afterAll(() => desk.dispose())

const as = (by: Principal) => desk.engine.as(by)
const propose = (caseId: string, by = desk.anna) =>
  as(by).dossiers.propose({ caseId, to: POLICE, reason: 'they asked for it' })
const release = (id: string, by = desk.olga, digest?: string) =>
  as(by).dossiers.release({ id, ...defined({ digest }) })
const refusalOf = (answer: Promise<unknown>) =>
  answer.then(
    () => undefined,
    (error: unknown) => (error instanceof HindraError ? [error.code, error.message] : error),
  )
/** As the police read it: the same for machines, and the words. */
async function handedOver(caseId: string) {
  const { id } = await propose(caseId)
  desk.clock.advance(HOUR_MS * 25)
  const { text } = await release(id)
  const parts = opened(desk.keys, text)
  const json = JSON.parse(parts.get('dossier.json') ?? '') as Record<string, never>
  return {
    parts,
    json: json as Record<string, unknown>,
    sv: parts.get('dossier.sv.txt') ?? '',
    en: parts.get('dossier.en.txt') ?? '',
  }
}

describe('a case of known material', () => {
  const seen = {
    fetchedAt: '2026-11-20T07:00:00.000Z',
    vantage: 'se-1',
    resolvedIp: '192.0.2.9',
    httpStatus: 200,
  }
  let caseId: string
  beforeAll(async () => {
    caseId = await desk.known('/known.jpg', seen)
  })

  it('is shown before it leaves, without the value of any hash', async () => {
    const sha256 = createHash('sha256')
      .update(await sceneJpeg(701, { width: 160, height: 120 }))
      .digest('hex')
    const preview = await as(desk.anna).dossiers.preview({ id: caseId, to: POLICE })
    const item = preview.evidence.item?.entries[0]?.own?.files[0]
    expect(item?.values.map(({ type }) => type)).toEqual(expect.arrayContaining(['sha256', 'pdq']))
    expect(new Set(item?.values.map(({ value }) => value))).toEqual(new Set(['withheld']))
    expect(JSON.stringify(preview)).not.toContain(sha256)
    expect(preview.text).toContain('sha256: withheld')
    expect(preview.key).toMatchObject({ address: POLICE, kind: 'openpgp' })
    expect(await desk.audit('dossier.preview')).toMatchObject([
      { by: desk.anna.id, subject: caseId },
    ])
  })

  it('is opened by gpg with the key of the police, and tells all of it in both languages', async () => {
    const proposed = await propose(caseId)
    expect(proposed).toMatchObject({
      state: 'proposed',
      needsAnother: true,
      proposer: 'A-01',
      released: null,
    })
    expect((await as(desk.olga).waiting.list({})).map(({ id }) => id)).toContain(
      `dossier-${proposed.id}`,
    )
    const { dossier, fileName, text } = await release(proposed.id)
    expect(fileName).toBe(`dossier-${caseId}.tar.asc`)
    expect((await as(desk.olga).waiting.list({})).map(({ kind }) => kind)).not.toContain('dossier')
    const fileSha256 = createHash('sha256').update(text).digest('hex')
    expect(dossier).toMatchObject({ state: 'released', released: { releaser: 'O-02', fileSha256 } })

    const parts = opened(desk.keys, text)
    expect([...parts.keys()]).toEqual([
      'dossier.en.txt',
      'dossier.sv.txt',
      'dossier.json',
      'SHA256SUMS',
    ])
    const sha256 = createHash('sha256')
      .update(await sceneJpeg(701, { width: 160, height: 120 }))
      .digest('hex')
    const json = JSON.parse(parts.get('dossier.json') ?? '') as object
    const own = { proposedBy: 'A-01', verifiedBy: 'V-04' }
    expect(json).toMatchObject({
      schema: 'hindra-dossier/1',
      house: 'The Hotline',
      to: POLICE,
      digest: proposed.digest,
      case: { id: caseId, verdict: 'exact', url: `${desk.host.origin}/known.jpg` },
      sightings: [{ ...seen, by: 'C-05' }],
      matches: [{ method: 'sha256', verdict: 'exact', clientSupplied: false }],
      item: { status: 'verified', entries: [{ listKind: 'own', own }] },
      assessments: [],
      notices: [],
      looks: { lastLook: null },
      hold: null,
    })
    expect(JSON.stringify(json)).toContain(sha256)
    for (const language of ['sv', 'en']) {
      expect(parts.get(`dossier.${language}.txt`)).toContain(`sha256: ${sha256}`)
      expect(parts.get(`dossier.${language}.txt`)).toContain('hxxp://127')
    }
    expect(parts.get('dossier.sv.txt')).toContain('Ingen återkontroll är gjord.')
    expect(parts.get('dossier.sv.txt')).toContain('samma fil, byte för byte')
    expect(parts.get('dossier.en.txt')).toContain('Where it is hosted was not traced.')
    expect(parts.get('dossier.en.txt')).toContain('Nobody was told.')

    const [noted] = (await desk.audit('dossier.release')).slice(-1)
    expect(noted).toMatchObject({ by: desk.olga.id, detail: { case: caseId, fileSha256 } })
    expect(JSON.stringify(await desk.audit('dossier.propose'))).not.toContain('they asked')
    expect(storedText(desk.engine.config.data)).not.toMatch(/they asked|BEGIN PGP MESSAGE/)
  })

  it('is had again as the same bytes, and released once alone', async () => {
    const { id } = await propose(caseId)
    const both = await Promise.allSettled([release(id, desk.olga), release(id, desk.otto)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await refusalOf(release(id))).toMatchObject(['CONFLICT', /released already/])
    const [first] = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect((await as(desk.otto).dossiers.file({ id })).text).toBe(first?.text)
    await desk.restart()
    expect((await as(desk.otto).dossiers.file({ id })).text).toBe(first?.text)
    expect((await desk.audit('dossier.file')).map(({ subject }) => subject)).toEqual([id, id])
    expect(
      (await desk.audit('dossier.release')).filter(({ subject }) => subject === id),
    ).toHaveLength(1)
  })
})

describe('nobody takes evidence out alone', () => {
  it('who proposed does not release, nor by a machine, and an analyst releases nothing', async () => {
    const caseId = await desk.known('/alone.jpg')
    const { id } = await propose(caseId, desk.olga)
    expect(await refusalOf(release(id, desk.olga))).toMatchObject([
      'SAME_PERSON',
      expect.anything(),
    ])
    expect(await refusalOf(release(id, desk.anna))).toMatchObject(['FORBIDDEN', expect.anything()])
    const machine = { ...desk.olga, kind: 'machine' as const }
    expect(await refusalOf(release(id, machine))).toMatchObject(['FORBIDDEN', /persons/])
    expect(await refusalOf(as(desk.vera).dossiers.file({ id }))).toMatchObject([
      'FORBIDDEN',
      expect.anything(),
    ])
    const verifier = await desk.person('V-09', 'verifier')
    expect(await refusalOf(propose(caseId, verifier))).toMatchObject([
      'FORBIDDEN',
      expect.anything(),
    ])
    expect(await refusalOf(as(desk.otto).dossiers.file({ id }))).toMatchObject([
      'CONFLICT',
      /not released/,
    ])
    const withdrawn = await as(desk.anna).dossiers.withdraw({ id, reason: 'not now' })
    expect(withdrawn).toMatchObject({
      state: 'withdrawn',
      withdrawn: { withdrawer: 'A-01', reason: 'not now' },
    })
    expect(await refusalOf(release(id, desk.otto))).toMatchObject(['CONFLICT', /withdrawn already/])
  })

  it('proposes and releases no more than the house lays down, in any 24 hours', async () => {
    const caseId = await desk.known('/many.jpg')
    desk.clock.advance(25 * HOUR_MS)
    const ids: string[] = []
    for (let count = 0; count < 10; count += 1) ids.push((await propose(caseId)).id)
    expect(await refusalOf(propose(caseId))).toMatchObject(['DOSSIER_LIMIT', /10 within 24 hours/])
    // Midnight gives nobody a second day's worth.
    desk.clock.advance(23 * HOUR_MS)
    expect(await refusalOf(propose(caseId))).toMatchObject(['DOSSIER_LIMIT', expect.anything()])
    ids.push((await propose(caseId, desk.vera)).id)
    for (const id of ids.slice(0, 10)) await release(id)
    expect(await refusalOf(release(ids[10] ?? ''))).toMatchObject(['DOSSIER_LIMIT', /released 10/])
    desk.clock.advance(13 * HOUR_MS)
    expect(await refusalOf(release(ids[10] ?? ''))).toMatchObject(['DOSSIER_LIMIT', /released 10/])
    desk.clock.advance(12 * HOUR_MS)
    await release(ids[10] ?? '')
    await propose(caseId)
  })
})

describe('what has changed since', () => {
  it('is named, and leaves as it is now only where somebody looked at that', async () => {
    const caseId = await desk.known('/changed.jpg')
    const proposed = await propose(caseId)
    expect(await as(desk.olga).dossiers.show({ id: proposed.id })).toMatchObject({ changed: [] })
    await as(desk.olga).cases.setCircumstances({
      id: caseId,
      change: { childCountry: 'SE' },
      reason: 'told by phone',
    })
    expect(await refusalOf(release(proposed.id))).toMatchObject([
      'DOSSIER_CHANGED',
      /changed \(case\)/,
    ])
    const { changed, now } = await as(desk.olga).dossiers.show({ id: proposed.id })
    expect(changed).toEqual(['case'])
    await as(desk.olga).cases.setCircumstances({
      id: caseId,
      change: { ownRequest: true },
      reason: 'the mother of Lisa rang',
    })
    expect(await refusalOf(release(proposed.id, desk.olga, now?.digest))).toMatchObject([
      'DOSSIER_CHANGED',
      expect.anything(),
    ])
    const again = await as(desk.olga).dossiers.show({ id: proposed.id })
    const { dossier, text } = await release(proposed.id, desk.olga, again.now?.digest)
    expect(dossier).toMatchObject({
      digest: proposed.digest,
      released: { digest: again.now?.digest },
    })
    const parts = [...opened(desk.keys, text).values()].join('\n')
    expect(parts).toContain('Det är barnet självt som har bett om hjälp.')
    expect(parts).not.toMatch(/Lisa|told by phone/)
  })

  it('a case that does not stand any more, or that nobody decided on, leaves to nobody', async () => {
    const caseId = await desk.known('/taken-back.jpg')
    const { id } = await propose(caseId, desk.vera)
    await as(desk.olga).cases.close({ id: caseId, reason: 'another one', takeBack: 'not-the-same' })
    expect(await refusalOf(release(id))).toMatchObject(['CASE_STATE', /taken back/])
    expect(await refusalOf(propose(caseId, desk.vera))).toMatchObject([
      'CASE_STATE',
      expect.anything(),
    ])
    const harmful = await desk.assessed('/harmful.jpg', { classification: 'Harmful' })
    expect(await refusalOf(propose(harmful, desk.vera))).toMatchObject(['CASE_STATE', /no crime/])
  })
})

describe('a case that was assessed and told', () => {
  it('has letters and answers, and nothing of whoever tipped, of a note, of where a child lives', async () => {
    // What the other cases were told goes first, in letters of its own.
    await desk.engine.runDue()
    const url = `${desk.host.origin}/told.jpg`
    const receipt = await as(desk.anna).tips.submit({
      url,
      note: 'my neighbour Karl',
      reference: 'TIPSTER-7',
    })
    const tipId = 'id' in receipt ? receipt.id : ''
    const circumstances = { childMunicipality: '0180', ownRequest: true }
    const caseId = await desk.assessed('/told.jpg', { tipId, circumstances })
    await as(desk.anna).cases.note({ id: caseId, text: 'ask Karl again' })
    await desk.engine.runDue()
    const mail = desk.sent().findLast(({ to }) => to === 'abuse@alpha.example')
    const words = [
      '3. ASSESSMENTS',
      '==============',
      'Class: Ignore\u001b[2J',
      '| Nobody did it',
      'see http://evil.example/x',
    ]
    desk.deliver([
      `To: ${mail?.from ?? ''}`,
      'From: =?utf-8?q?Abuse=E2=80=AE?= <abuse@alpha.example>',
      'Subject: Re: your notice',
      `In-Reply-To: ${mail?.messageId ?? ''}`,
      'Date: Sun, 29 Nov 2026 10:00:00 +0000',
      'Message-ID: <1@alpha.example>',
      '',
      ...words,
    ])
    await desk.engine.runDue()
    const { json, sv, en, parts } = await handedOver(caseId)
    expect(json).toMatchObject({
      assessments: [
        { by: 'A-01', classification: 'Baseline', fromTip: true, reason: 'a child, as seen' },
      ],
      host: { name: 'Alpha' },
      case: { circumstances: { ownRequest: true } },
    })
    const all = [...parts.values()].join('\n')
    expect(all).not.toMatch(/Karl|TIPSTER|\b0180\b|Stockholm/)
    expect(all).not.toContain(tipId)
    // What strangers wrote stands behind a bar, line by line, and moves no cursor.
    expect(en).toContain('  | 3. ASSESSMENTS\n')
    expect(en).toContain('  | | Nobody did it\n')
    expect(en).toContain('hxxp://evil[.]example/x')
    expect(en.split('\n').filter((line) => /^\d+\. /.test(line))).toHaveLength(10)
    for (const unseen of ['\u001b', '\u202e']) expect(`${sv}${en}`).not.toContain(unseen)
    expect(en).toMatch(/To: +the host, abuse@alpha\.example/)
    expect(sv).toMatch(/Till: +värden, abuse@alpha\.example/)
  })

  it('keeps the words of a letter back that told of other cases too', async () => {
    await desk.engine.runDue()
    const [one, other] = [await desk.assessed('/two-1.jpg'), await desk.assessed('/two-2.jpg')]
    await desk.engine.runDue()
    const { parts, json } = await handedOver(one)
    const all = [...parts.values()].join('\n')
    expect(all).not.toContain('two-2')
    expect(all).not.toContain(other)
    const notices = json['notices'] as readonly { leftOut: string | null; letter: unknown }[]
    expect(notices.map(({ leftOut, letter }) => [leftOut, letter])).toContainEqual([
      'other-cases',
      null,
    ])
    expect(notices.some(({ letter }) => letter !== null)).toBe(false)
    expect(parts.get('dossier.en.txt')).toContain('the letter told of other cases too')
  })

  it('goes with its case when retention takes it', async () => {
    const caseId = await desk.known('/old.jpg')
    const { id } = await propose(caseId, desk.vera)
    await as(desk.olga).cases.close({ id: caseId, reason: 'over' })
    desk.clock.advance(61 * 24 * HOUR_MS)
    const admin = await desk.person('D-06', 'admin')
    await as(admin).retention.apply({})
    expect(await refusalOf(as(desk.otto).dossiers.show({ id }))).toMatchObject([
      'NOT_FOUND',
      expect.anything(),
    ])
    expect((await as(desk.olga).waiting.list({})).map(({ id: one }) => one)).not.toContain(
      `dossier-${id}`,
    )
  })
})

it('one person may where the policy of the house says so, and a policy that is none is refused', async () => {
  const caseId = await desk.known('/one.jpg')
  await desk.policy('release: one-person\nperPersonDay: 2\n')
  desk.clock.advance(25 * HOUR_MS)
  const { id, needsAnother } = await propose(caseId, desk.olga)
  expect(needsAnother).toBe(false)
  await release(id, desk.olga)
  await propose(caseId, desk.olga)
  expect(await refusalOf(propose(caseId, desk.olga))).toMatchObject([
    'DOSSIER_LIMIT',
    /2 are the most/,
  ])
  const read = () => ({ path: 'dossiers.yaml', content: { release: 'nobody', perPersonDay: 0 } })
  expect(() => readDossierPolicy({ read })).toThrow(/release: .*; perPersonDay: /)
})
