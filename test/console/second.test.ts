import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shortId } from '../../src/console/names.ts'
import { type Browser, type ConsoleWorld, openConsole } from './browser.ts'

/** What the first says, and nobody else. */
const SECRET = 'the blue wall behind the bed'

let world: ConsoleWorld
let policy: string
let first: Browser & { readonly id: string }
let told = 0

beforeAll(async () => {
  policy = mkdtempSync(join(tmpdir(), 'hindra-second-'))
  mkdirSync(policy, { recursive: true })
  writeFileSync(
    join(policy, 'second-assessments.yaml'),
    'version: "1"\ncases: { Baseline: two, National: two, Harmful: two, Ignore: two }\n',
  )
  world = await openConsole({ 'trace.registries': false, 'policy.directory': policy })
  first = await world.signIn('FIRSTLY', 'analyst')
})
afterAll(async () => {
  await world.dispose()
  rmSync(policy, { recursive: true, force: true })
})

/** A tip that the first one assesses in the browser; what waits then. */
async function panelOf(
  classification: string,
): Promise<{ tipId: string; id: string; url: string }> {
  told += 1
  const url = `https://pictures.example/second/${String(told).padStart(3, '0')}.jpg`
  const { key } = await world.api.keyOf('intake')
  const { body } = await world.api.call('POST', '/v1/tips', {
    key,
    body: { source: 'public', url },
  })
  const { id: tipId } = body as { id: string }
  await first.get(`/console/tips/${tipId}`)
  const { html } = await first.submit('assessments.assess', { classification, reason: SECRET })
  expect(html).toContain('role="status"')
  const { html: mine } = await first.get('/console/second')
  const ids = Array.from(mine.matchAll(/\/console\/second\/([0-9a-f-]{36})/g), ([, id]) => id ?? '')
  return { tipId, id: ids.sort().at(-1) ?? '', url }
}

async function caseAt(url: string) {
  return (await world.api.engine.stages.cases.forUrl(url))[0]
}

describe('the second assessment', () => {
  it('is blind: whatever the first said, the pages of the second are the same', async () => {
    const bea = await world.signIn('BEA', 'analyst')
    const shown: string[] = []
    for (const classification of ['Baseline', 'Ignore']) {
      const { id, tipId, url } = await panelOf(classification)
      const places = [
        '/console',
        '/console/second',
        `/console/second/${id}`,
        `/console/tips/${tipId}`,
      ]
      for (const place of places) {
        const { status, html } = await bea.get(place)
        expect([place, status]).toEqual([place, 200])
        for (const said of [SECRET, 'FIRSTLY', first.id]) expect(html).not.toContain(said)
      }
      const { html } = await bea.get(`/console/second/${id}`)
      shown.push(
        html
          .replaceAll(id, 'PANEL')
          .replaceAll(tipId, 'TIP')
          .replaceAll(shortId(tipId), 'TIP')
          .replaceAll(url, 'URL')
          .replaceAll(url.slice(-7), 'FILE')
          .replace(/At pictures\.example: \d+ at work, \d+ over/, 'HOST'),
      )
    }
    expect(shown[0]).toBe(shown[1])
    expect(shown[0]).toContain('a second person')
  })

  it('opens the case where it says the same, and then shows what each said', async () => {
    const { id, url } = await panelOf('National')
    const cia = await world.signIn('CIA', 'analyst')
    expect((await cia.get('/console')).html).toContain('href="/console/second"')
    await cia.get(`/console/second/${id}`)
    const after = await cia.submit('assessments.assess', {
      classification: 'National',
      reason: 'seen as well',
    })
    expect(after.url).toBe(`/console/second/${id}?done=1`)
    for (const said of [SECRET, 'FIRSTLY', 'CIA', 'seen as well', 'two said the same']) {
      expect(after.html).toContain(said)
    }
    const opened = await caseAt(url)
    expect(opened?.classification).toBe('National')
    expect(after.html).toContain(`/console/cases/${opened?.id ?? ''}`)
  })

  it('that differs waits for a third, who sees neither, and whose word counts', async () => {
    const { id, url } = await panelOf('Baseline')
    const dag = await world.signIn('DAG', 'analyst')
    await dag.get(`/console/second/${id}`)
    const waits = await dag.submit('assessments.assess', {
      classification: 'National',
      reason: 'older than that',
    })
    expect(waits.html).toContain('You have assessed this')
    expect(waits.html).not.toContain('assessments.assess"')
    for (const said of [SECRET, 'FIRSTLY', 'older than that'])
      expect(waits.html).not.toContain(said)
    expect(await caseAt(url)).toBeUndefined()
    const eli = await world.signIn('ELI', 'analyst')
    const third = await eli.get(`/console/second/${id}`)
    expect(third.html).toContain('Two people differ')
    for (const said of [SECRET, 'FIRSTLY', 'DAG', 'older than that']) {
      expect(third.html).not.toContain(said)
    }
    const over = await eli.submit('assessments.assess', {
      classification: 'National',
      reason: 'I agree',
    })
    for (const said of [SECRET, 'older than that', 'I agree']) expect(over.html).toContain(said)
    expect((await caseAt(url))?.classification).toBe('National')
  })

  it('is of somebody else: the first is offered no form, is refused, and can take theirs back', async () => {
    const { id, url } = await panelOf('Baseline')
    const { html } = await first.get(`/console/second/${id}`)
    expect(html).toContain('You have assessed this')
    expect(html).not.toContain('action="/console/do/assessments.assess"')
    expect(html).not.toContain(SECRET)
    const again = { url, panelId: id, classification: 'Baseline', reason: 'twice' }
    const refused = await first.post('/console/do/assessments.assess', again)
    expect(refused.status).toBe(403)
    await first.get(`/console/second/${id}`)
    const taken = await first.submit('assessments.withdraw', { reason: 'the wrong picture' })
    expect(taken.html).toContain('taken back before anybody else assessed')
    const gro = await world.signIn('GRO', 'analyst')
    expect((await gro.get('/console/second')).html).not.toContain(id)
  })

  it('with a child in danger opens the case at once', async () => {
    const { id, url } = await panelOf('National')
    const han = await world.signIn('HAN', 'analyst')
    await han.get(`/console/second/${id}`)
    const after = await han.submit('assessments.assess', {
      classification: 'Baseline',
      reason: 'live',
      'circumstances.inDangerNow': 'true',
    })
    expect(after.html).toContain('a child is in danger now: nobody was waited for')
    expect(await caseAt(url)).toMatchObject({ classification: 'Baseline' })
  })

  it('tells two who come at once apart: each word counts once', async () => {
    const { id, url } = await panelOf('Baseline')
    const [ivy, joe] = [await world.signIn('IVY', 'analyst'), await world.signIn('JOE', 'analyst')]
    for (const one of [ivy, joe]) await one.get(`/console/second/${id}`)
    const said = { classification: 'Baseline', reason: 'at once' }
    const answers = await Promise.all([
      ivy.submit('assessments.assess', said),
      joe.submit('assessments.assess', said),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const { html } = await ivy.get(`/console/second/${id}`)
    expect(html.split('at once').length - 1).toBe(1)
    expect((await caseAt(url))?.classification).toBe('Baseline')
  })

  it('shows who may not assess nothing of it, and an auditor not who gave which', async () => {
    const { id } = await panelOf('Baseline')
    for (const role of ['auditor', 'officer', 'verifier'] as const) {
      const person = await world.signIn(`N-${role}`, role)
      for (const place of ['/console/second', `/console/second/${id}`]) {
        expect([role, (await person.get(place)).status]).toEqual([role, 403])
      }
    }
    const aud = await world.signIn('AUD', 'auditor')
    const { html } = await aud.get('/console/audit?action=assessment')
    expect(html).toContain('gave an assessment')
    expect(html).not.toContain(id)
    expect(html).not.toContain(SECRET)
  })

  it('goes on by pages where hundreds wait', async () => {
    const as = world.api.engine.as({
      id: first.id,
      pseudonym: 'FIRSTLY',
      kind: 'person',
      roles: ['analyst'],
    })
    for (let place = 0; place < 60; place += 1) {
      const url = `https://many.example/${String(place)}.jpg`
      await as.assessments.assess({ url, classification: 'Baseline', reason: SECRET })
    }
    const kai = await world.signIn('KAI', 'analyst')
    const { html } = await kai.get('/console/second')
    const rows = html.split('data-row').length - 1
    const [, next = ''] = /href="(\/console\/second\?after=[^"]+)"/.exec(html) ?? []
    const { html: more } = await kai.get(next)
    expect(rows).toBe(50)
    expect(more.split('data-row').length - 1).toBeGreaterThanOrEqual(10)
    expect(more).toContain('many[.]example')
  })
})
