import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { ManualClock } from '../../src/core/index.ts'
import type { Engine } from '../../src/engine.ts'
import { parseIccamReports } from '../../src/intake/index.ts'
import { withEngine } from '../keeping/with-engine.ts'
import { storedText } from '../stored-text.ts'
import { ALPHA } from '../takedown/world.ts'

let directory: string
const clock = new ManualClock(Date.UTC(2026, 10, 2, 10))
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-answers-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

const ann: Principal = {
  id: 'ann',
  pseudonym: 'A-1',
  kind: 'person',
  roles: ['analyst', 'officer', 'auditor'],
}
const JUDGED = { classification: 'Baseline', reason: 'as tested' } as const

function engine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const settings = {
    data: join(directory, 'data'),
    'policy.directory': join(directory, 'policy'),
    'trace.providers': [{ ...ALPHA, country: 'NL' }],
  }
  return withEngine(clock, settings, work)
}

describe('answers', () => {
  it('are kept with their author, in the words that they were asked in, whatever becomes of the file', async () => {
    const url = 'https://media.alpha.example/kept.jpg'
    const answers = { child: 'yes', age: 'infant', made: 'ai', series: 'Wilhelmina' }
    const id = await engine(async (running) => {
      const admin: Principal = { ...ann, roles: ['admin'] }
      const { id: anna } = await running.stages.access.addPerson(admin, {
        name: 'Anna',
        pseudonym: 'A-7',
        kind: 'person',
        roles: ['analyst'],
      })
      const by = { ...ann, id: anna }
      return (await running.as(by).assessments.assess({ ...JUDGED, url, answers })).id
    })
    mkdirSync(join(directory, 'policy', 'assessment'), { recursive: true })
    writeFileSync(
      join(directory, 'policy', 'assessment', 'house.yaml'),
      'version: "later"\nquestions: { colour: { asks: Which?, answers: { red: { means: red } } } }',
    )
    await engine(async (running) => {
      const { assessments } = await running.as(ann).cases.show({ id })
      expect(assessments).toMatchObject([{ assessor: 'A-7', ...JUDGED, caseId: id }])
      const age = assessments[0]?.answers.find(({ question }) => question === 'age')
      expect(age).toMatchObject({
        asks: 'How old is the youngest child that is shown?',
        answer: ['infant'],
        means: ['infant'],
        set: 'house',
      })
      expect(age?.version).toMatch(/^2026-11\+/)
      const asked = await running.as(ann).assessments.questions()
      expect(asked.all.map((one) => one.id)).toEqual(['colour'])
      expect(await running.as(ann).assessments.list({})).toEqual(assessments)
      const refused = running.as(ann).assessments.assess({ ...JUDGED, url: `${url}?2`, answers })
      await expect(refused).rejects.toMatchObject({ field: 'answers.child' })
    })
    // What it says of a child is not to be read on the disk.
    expect(storedText(join(directory, 'data'))).not.toMatch(/Wilhelmina|infant/)
    rmSync(join(directory, 'policy'), { recursive: true })
  })

  it('are the circumstances by another name, and both say the same or are refused', async () => {
    await engine(async (running) => {
      const { assessments, cases } = running.as(ann)
      const url = 'https://media.alpha.example/country.jpg'
      const answers = { 'child-country': 'de', 'own-request': 'yes' }
      const circumstances = { offenderCountry: 'US' }
      const opened = await assessments.assess({ ...JUDGED, url, answers, circumstances })
      expect(opened).toMatchObject({
        circumstances: { childCountry: 'DE', ownRequest: true, offenderCountry: 'US' },
      })
      const [kept] = (await cases.show({ id: opened.id })).assessments
      const terms = kept?.answers.map(({ question, answer }) => [question, ...answer])
      expect(terms).toEqual([
        ['child-country', 'DE'],
        ['offender-country', 'US'],
        ['own-request', 'yes'],
      ])
      const other = { childCountry: 'SE' }
      const both = { ...JUDGED, url: `${url}?2`, answers, circumstances: other }
      await expect(assessments.assess(both)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        field: 'answers.child-country',
      })
    })
  })

  it('go to the hotline of the country where ICCAM has a field, and another Hindra reads them', async () => {
    await engine(async (running) => {
      const { assessments, hotlineExports } = running.as(ann)
      const url = 'https://media.alpha.example/abroad.jpg'
      const answers = { child: 'yes', age: 'pubescent', 'self-made': 'yes', made: 'recorded' }
      const named = { ...answers, series: 'Wilhelmina', 'child-country': 'DE' }
      await assessments.assess({ ...JUDGED, url, answers: named })
      await running.runDue()
      const [made] = await hotlineExports.take({ kind: 'iccam' })
      const { text } = await hotlineExports.read({ id: made?.id ?? '', format: 'json' })
      const document = JSON.parse(text) as { reports: { url: string; assessed?: object }[] }
      const report = document.reports.find((one) => one.url === url)
      expect(report?.assessed).toMatchObject({
        ageBand: 'pubescent',
        selfGenerated: true,
        answers: { age: ['pubescent'], made: ['recorded'], 'self-made': ['yes'] },
      })
      expect(text).not.toMatch(/Wilhelmina|child-country/)
      const { tips } = parseIccamReports(document)
      const read = tips.find(({ tip }) => tip.url === url)
      expect(read?.tip.note).toMatch(/assessed: age pubescent, made recorded, self-made yes/)
    })
  })

  it('are gone with their case', async () => {
    await engine(async (running) => {
      const url = 'https://media.alpha.example/gone.jpg'
      const { id } = await running
        .as(ann)
        .assessments.assess({ ...JUDGED, url, answers: { made: 'ai' } })
      const { store, cases } = running.stages
      await store.transact((tx) => cases.erase(tx, id))
      const left = await running.as(ann).assessments.list({})
      expect(left.map(({ caseId }) => caseId)).not.toContain(id)
    })
  })
})
