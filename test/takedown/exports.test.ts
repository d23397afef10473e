import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/index.ts'
import { parseIccamReports, parseTipCsv } from '../../src/intake/index.ts'
import { HOTLINE_FIRST } from './policy.ts'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

const DAY_HOURS = 24
const NL = 'http://beta.example/a.jpg?x=1;2'
const NL_PAGE = 'http://beta.example/page'

let directory: string
let world: TakedownWorld
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-exports-'))
})
afterEach(async () => {
  await world.dispose()
  chmodSync(directory, 0o700)
  rmSync(directory, { recursive: true, force: true })
})

/** One case abroad, queued for the hotline of its country and for INTERPOL. */
async function abroad(flags: Record<string, unknown> = {}): Promise<string> {
  const byDay = { 'hotlineExports.interpol': 'daily', ...flags }
  world = await openTakedownWorld({}, { rules: HOTLINE_FIRST, flags: byDay })
  const id = await world.assessed(NL, NL_PAGE)
  await world.run()
  return id
}

/** What somebody finds who collects what is to be carried. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('.'))
}

function take(kind: 'iccam' | 'interpol', more: { country?: string; today?: boolean } = {}) {
  return world.takedown.exports.take('ola', { kind, ...more })
}

async function read(id: string, format: 'json' | 'scart' = 'json'): Promise<string> {
  return (await world.takedown.exports.read('ola', id, format)).text
}

function statesOf(caseId: string) {
  return world.takedown
    .list({ caseId })
    .then((notices) => notices.map(({ channel, state, step }) => `${step} ${channel} ${state}`))
}

describe('an ICCAM export', () => {
  it("tells the country's hotline what is queued for it, once, in ICCAM's words", async () => {
    const caseId = await abroad()
    expect(await take('iccam', { country: 'DE' })).toEqual([])
    const [made, ...more] = await take('iccam', { country: 'NL' })
    expect(more).toEqual([])
    expect(made).toMatchObject({ kind: 'iccam', country: 'NL', lines: 1, madeBy: 'ola' })
    expect(made?.name).toBe(`iccam-NL-${world.now().slice(0, 10)}`)
    const document = JSON.parse(await read(made?.id ?? '')) as Record<string, unknown>
    expect(document).toMatchObject({
      schema: 'hindra-iccam/1',
      country: 'NL',
      organisation: 'Hotline Testland',
      reports: [
        {
          caseReference: caseId,
          url: NL,
          referrer: NL_PAGE,
          classification: 'Baseline',
          hostingCountry: 'NL',
          hostingProvider: 'Beta Cloud',
          actions: [],
          reason: null,
        },
      ],
    })
    expect(await statesOf(caseId)).toEqual([
      'notice iccam-export sent',
      'notice interpol-export queued',
    ])
    expect(await take('iccam')).toEqual([])
    expect((await world.cases.get(caseId)).status).toBe('in-progress')
  })

  it("has SCARt's columns as well, which a sister hotline can import", async () => {
    await abroad()
    const [made] = await take('iccam')
    const csv = await read(made?.id ?? '', 'scart')
    expect(csv.split('\r\n')[0]).toBe('URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE')
    const { tips, refused } = parseTipCsv(csv)
    expect(refused).toEqual([])
    expect(tips[0]?.tip).toMatchObject({ url: NL, pageUrl: NL_PAGE, source: 'hotline' })
  })

  it('leaves out what fell between queueing and taking', async () => {
    const caseId = await abroad()
    const { subject } = await world.cases.get(caseId)
    world.fallen.add(subject.id)
    expect(await take('iccam')).toEqual([])
    expect(await statesOf(caseId)).toContain('notice iccam-export withdrawn')
  })

  it('leaves out what has moved to another country meanwhile', async () => {
    world = await openTakedownWorld({}, { rules: HOTLINE_FIRST })
    world.names.set('moving.example', ['198.51.100.7'])
    const id = await world.assessed('http://moving.example/a.jpg')
    await world.run()
    world.names.set('moving.example', ['192.0.2.7'])
    expect(await take('iccam', { country: 'NL' })).toEqual([])
    expect(await statesOf(id)).toContain('notice iccam-export withdrawn')
  })

  it('is not made while all is stopped', async () => {
    await abroad()
    await world.takedown.stop('ola', 'as tested')
    expect(await take('iccam')).toEqual([])
    await world.takedown.resume('ola')
    expect(await take('iccam')).toHaveLength(1)
  })
})

describe('an INTERPOL export', () => {
  it('is one file a day, of days that are over', async () => {
    await abroad()
    const day = world.now().slice(0, 10)
    expect(await take('interpol')).toEqual([])
    world.context.clock.advance(DAY_HOURS * HOUR_MS)
    await world.assessed('http://beta.example/b.jpg')
    await world.run()
    const [made, ...more] = await take('interpol')
    expect(more).toEqual([])
    expect(made).toMatchObject({ name: `interpol-${day}`, day, country: null, lines: 1 })
    const document = JSON.parse(await read(made?.id ?? '')) as { records: object[] }
    expect(document).toMatchObject({ schema: 'hindra-interpol/1', day })
    expect(document.records).toMatchObject([{ url: NL, classification: 'Baseline', country: 'NL' }])
    expect(JSON.stringify(document)).not.toMatch(/pdq|md5|sha/i)
    expect(await take('interpol', { today: true })).toHaveLength(1)
    await expect(read(made?.id ?? '', 'scart')).rejects.toMatchObject({ field: 'format' })
  })
})

describe('the directory of exports', () => {
  it('gets whole files that only their owner reads, each once', async () => {
    await abroad({ 'hotlineExports.directory': directory, 'hotlineExports.scartCountries': ['NL'] })
    expect(await world.takedown.exports.runDue('hindra')).toEqual({
      made: 1,
      written: 1,
      problems: [],
    })
    world.context.clock.advance(DAY_HOURS * HOUR_MS)
    await world.takedown.exports.runDue('hindra')
    expect(await world.takedown.exports.runDue('hindra')).toMatchObject({ made: 0, written: 0 })
    const names = [...filesIn(directory)].sort()
    expect(names).toEqual([
      expect.stringMatching(/^iccam-NL-.*\.csv$/),
      expect.stringMatching(/^interpol-.*\.json$/),
    ])
    expect(statSync(join(directory, names[0] ?? '')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(directory, names[0] ?? ''), 'utf8')).toContain(NL)
    const kept = await world.takedown.exports.list()
    expect(kept.every(({ writtenAt }) => writtenAt !== null)).toBe(true)
  })

  it('loses what tells of an erased case; what else it told can be had again', async () => {
    await abroad({ 'hotlineExports.directory': directory })
    const [first = ''] = (await world.cases.list({})).map(({ id }) => id)
    const second = await world.assessed('http://beta.example/b.jpg')
    await world.run()
    const { exports } = world.takedown
    expect(await exports.runDue('hindra')).toMatchObject({ made: 1, written: 1 })
    const [document] = await exports.list()
    expect(document).toMatchObject({ kind: 'iccam', lines: 2 })
    const erase = (caseId: string) =>
      world.transact((tx) => world.takedown.eraseForCase(tx, caseId))

    await erase(first)
    await exports.removeStale()
    expect(filesIn(directory)).toEqual([])
    const left = await read(document?.id ?? '')
    expect(left).toContain(second)
    expect(left).not.toContain(first)
    expect(await exports.runDue('hindra')).toMatchObject({ made: 0, written: 0, problems: [] })
    expect(filesIn(directory)).toEqual([])

    await erase(second)
    expect(await exports.list()).toEqual([])
  })

  it('that a stale file cannot be removed from says so, and is tried again', async () => {
    await abroad({ 'hotlineExports.directory': join(directory, 'inner') })
    const { exports } = world.takedown
    await exports.runDue('hindra')
    const [found] = await world.cases.list({})
    const [name = ''] = filesIn(join(directory, 'inner'))
    await world.transact((tx) => world.takedown.eraseForCase(tx, found?.id ?? ''))
    // A directory in the place of the file: what no user, root least of all, can remove as a file.
    rmSync(join(directory, 'inner', name))
    mkdirSync(join(directory, 'inner', name))
    expect((await exports.runDue('hindra')).problems[0]).toMatch(/EXPORT_FAILED/)
    rmSync(join(directory, 'inner', name), { recursive: true })
    writeFileSync(join(directory, 'inner', name), 'left over')
    expect((await exports.runDue('hindra')).problems).toEqual([])
    expect(filesIn(join(directory, 'inner'))).toEqual([])
  })

  it('gets nothing while all is stopped, not even what was made before', async () => {
    await abroad({ 'hotlineExports.directory': directory })
    expect(await take('iccam')).toHaveLength(1)
    await world.takedown.stop('ola', 'as tested')
    expect(await world.takedown.exports.runDue('hindra')).toMatchObject({ made: 0, written: 0 })
    expect(filesIn(directory)).toEqual([])
    await world.takedown.resume('ola')
    expect(await world.takedown.exports.runDue('hindra')).toMatchObject({ made: 0, written: 1 })
  })

  it('that cannot be written loses nothing: the next run writes it', async () => {
    await abroad({ 'hotlineExports.directory': join(directory, 'file', 'below') })
    writeFileSync(join(directory, 'file'), '')
    const failed = await world.takedown.exports.runDue('hindra')
    expect(failed).toMatchObject({ made: 1, written: 0 })
    expect(failed.problems[0]).toMatch(/EXPORT_FAILED/)
    rmSync(join(directory, 'file'))
    expect(await world.takedown.exports.runDue('hindra')).toMatchObject({ made: 0, written: 1 })
    expect(filesIn(join(directory, 'file', 'below'))).toHaveLength(1)
  })
})

describe('a removal', () => {
  const GONE = { outcome: 'gone', cause: 'not-found', reason: 'HTTP 404', seenFrom: [] } as const

  /** Three misses, hours apart. */
  async function goes(caseId: string): Promise<string | null> {
    for (let miss = 0; miss < 4; miss += 1) {
      world.pass(4)
      const at = new Date(world.context.clock.now()).toISOString()
      await world.transact((tx) => world.cases.recordRecheck(tx, 'ola', caseId, { ...GONE, at }))
    }
    return (await world.cases.get(caseId)).removedAt
  }

  it('is told to the hotline that was told of it, once, and is no tip', async () => {
    const caseId = await abroad()
    await take('iccam')
    await world.run()
    const removedAt = await goes(caseId)
    expect(removedAt).not.toBeNull()
    await world.run()
    const [made] = await take('iccam')
    const { reports } = JSON.parse(await read(made?.id ?? '')) as { reports: object[] }
    expect(reports).toMatchObject([{ caseReference: caseId, url: NL, update: true, reason: null }])
    expect(reports).toMatchObject([{ actions: [{ action: 'Removed', at: removedAt }] }])
    expect(await read(made?.id ?? '', 'scart')).not.toContain(NL)
    const { tips, refused } = parseIccamReports({ reports })
    expect([tips, refused]).toMatchObject([[], [{ line: 1, field: 'actions' }]])
    world.pass(2)
    await world.run()
    expect(await take('iccam')).toEqual([])
    expect((await statesOf(caseId)).filter((state) => state.startsWith('removed'))).toHaveLength(1)
  })

  it('is not told where nobody was told of it', async () => {
    const caseId = await abroad()
    await goes(caseId)
    await world.run()
    expect(await take('iccam')).toEqual([])
  })
})

describe('a correction', () => {
  it('is written as JSON beside the CSV, which has no column for it', async () => {
    const flags = { 'hotlineExports.directory': directory, 'hotlineExports.scartCountries': ['NL'] }
    const caseId = await abroad(flags)
    await world.takedown.exports.runDue('hindra')
    expect(filesIn(directory).filter((name) => name.startsWith('iccam'))).toHaveLength(1)
    await world.transact(async (tx) => {
      await world.cases.takeBack(tx, 'ola', caseId, 'not-illegal', 'as tested')
      world.takedown.correctForCase(tx, caseId)
    })
    await world.run()
    await world.takedown.exports.runDue('hindra')
    const names = filesIn(directory).filter((name) => name.startsWith('iccam'))
    expect(names.map((name) => extname(name)).sort()).toEqual(['.csv', '.csv', '.json'])
  })

  it('goes the same way, as NotIllegal', async () => {
    const caseId = await abroad()
    await take('iccam')
    await world.transact(async (tx) => {
      await world.takedown.withdrawForCase(tx, 'ola', caseId)
      await world.cases.takeBack(tx, 'ola', caseId, 'not-illegal', 'as tested')
      world.takedown.correctForCase(tx, caseId)
    })
    await world.run()
    expect(await statesOf(caseId)).toContain('correction iccam-export queued')
    const [made] = await take('iccam')
    const { reports } = JSON.parse(await read(made?.id ?? '')) as { reports: object[] }
    expect(reports).toMatchObject([
      { url: NL, classification: 'Ignore', actions: [{ action: 'NotIllegal' }], reason: 'Other' },
    ])
    expect(await read(made?.id ?? '', 'scart')).not.toContain(NL)
    const { tips, refused } = parseIccamReports({ reports })
    expect([tips, refused]).toMatchObject([[], [{ line: 1, field: 'actions' }]])
  })
})

describe.each(['not-the-same', 'wrong-address'] as const)('a report withdrawn as %s', (why) => {
  it('is never called not illegal, and says why', async () => {
    const caseId = await abroad()
    await take('iccam')
    await world.transact(async (tx) => {
      await world.takedown.withdrawForCase(tx, 'ola', caseId)
      await world.cases.takeBack(tx, 'ola', caseId, why, 'as tested')
      world.takedown.correctForCase(tx, caseId)
    })
    await world.run()
    const [made] = await take('iccam')
    const text = await read(made?.id ?? '')
    const { reports } = JSON.parse(text) as { reports: Record<string, unknown>[] }
    expect(reports).toMatchObject([
      { url: NL, classification: null, update: true, withdrawn: true, withdrawalReason: why },
    ])
    expect(reports[0]?.['memo']).toMatch(/Nothing is said of whether .* legal/)
    expect(text).not.toMatch(/NotIllegal|Ignore/)
    const { tips, refused } = parseIccamReports({ reports })
    expect(tips).toEqual([])
    expect(refused.map(({ line }) => line)).toEqual([1])
    expect(refused[0]?.message).toMatch(/withdrew it/)
  })
})

describe('what the assessment knows', () => {
  it('goes along, and what it does not know is not there', async () => {
    world = await openTakedownWorld({}, { rules: HOTLINE_FIRST })
    const plain = await world.assessed(`${NL}?plain`)
    const asked = await world.assessed(`${NL}?asked`)
    await world.transact((tx) =>
      world.cases.setCircumstances(tx, 'ola', asked, { ownRequest: true, inDangerNow: true }, 'x'),
    )
    await world.run()
    const [made] = await take('iccam')
    const { reports } = JSON.parse(await read(made?.id ?? '')) as { reports: object[] }
    const reportOf = (id: string) =>
      reports.find((one) => 'caseReference' in one && one.caseReference === id) ?? {}
    expect(reportOf(asked)).toMatchObject({ inDangerNow: true, assessed: { ownRequest: true } })
    for (const name of ['inDangerNow', 'assessed', 'withdrawn', 'withdrawalReason', 'memo']) {
      expect(reportOf(plain)).not.toHaveProperty(name)
    }
    // Another Hindra puts it first in its queue.
    const { tips } = parseIccamReports({ reports })
    expect(tips.map(({ tip }) => tip.inDangerNow ?? false).sort()).toEqual([false, true])
  })
})

it('what is no crime is told to no hotline, whatever a policy says', async () => {
  world = await openTakedownWorld({}, { rules: HOTLINE_FIRST })
  const decide = world.router.decide.bind(world.router)
  world.router.decide = async (...args) => ({ ...(await decide(...args)), nature: 'harmful' })
  const id = await world.assessed(NL)
  await world.run()
  expect(await take('iccam')).toEqual([])
  expect(await statesOf(id)).toContain('notice iccam-export withdrawn')
})
