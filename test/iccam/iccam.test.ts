import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createUndo } from '../../src/assessing/undo.ts'
import { type IccamReport, iccamHearing } from '../../src/iccam/index.ts'
import { ACTIONS, CLASSES } from '../simulation/iccam/holdings.ts'
import { type IccamWorld, openIccamWorld } from './world.ts'

let world: IccamWorld
beforeEach(async () => {
  world = await openIccamWorld()
})
afterEach(() => world.dispose())

const run = (): Promise<IccamReport> => world.iccam().run('hindra')
const all = () => world.iccam().list({ limit: 100 })
const said = (id: number) =>
  world.fake.holdings.content(id).actions.map(({ actionType }) => actionType)

/** A tip that a sister hotline's report became, assessed. */
async function assessed(url: string, classification?: 'Baseline' | 'National') {
  const content = world.reported(url)
  await run()
  const [tip] = (await world.tips.list({ status: 'new' })).filter((one) => one.url === url)
  const caseId = await world.assess(tip?.id ?? '', classification)
  return { content, caseId }
}

describe('what others reported of Sweden', () => {
  it('becomes a tip once, however often it is read, and nothing of other countries does', async () => {
    const content = world.reported('http://alpha.example/1.jpg', { memo: 'a memo' })
    world.reported('http://beta.example/2.jpg', { hostingCountryCode: 'NL' })
    expect((await run()).pulled).toMatchObject({ tips: 1 })
    world.pass(48)
    expect((await run()).pulled).toMatchObject({ tips: 0 })
    const tips = await world.tips.list({})
    expect(tips).toHaveLength(1)
    expect(tips[0]).toMatchObject({
      source: 'hotline',
      url: 'http://alpha.example/1.jpg',
      reference: `iccam:${content}`,
      note: 'source: ICCAM; memo: a memo',
    })
    expect(world.fake.writes()).toEqual([])
  })

  it('cannot be undone once ICCAM has heard what we think of it, and can before', async () => {
    const { context, cases, tips, takedown } = world
    const { store } = context
    const { caseId } = await assessed('http://alpha.example/1.jpg')
    const undo = createUndo({
      store,
      cases,
      tips,
      takedown,
      assignments: { workOn: () => Promise.resolve() },
      ...iccamHearing(context),
    })
    const anna = { id: 'anna', pseudonym: 'anna', kind: 'person', roles: [] } as const
    expect(await undo.ofCase(anna, caseId)).toEqual({ caseId, act: 'assessed', bar: null })
    await run()
    expect(await undo.ofCase(anna, caseId)).toMatchObject({ bar: 'iccam' })
    await expect(undo.undoCase(anna, caseId, 'a slip')).rejects.toMatchObject({
      code: 'UNDO_BARRED',
    })
  })

  it('is assessed, named, acted on and closed in the order that the rules demand, each once', async () => {
    const { content, caseId } = await assessed('http://alpha.example/1.jpg')
    await run()
    await run()
    const paths = () => world.fake.writes().map(({ path }) => path.split('/').slice(3).join('/'))
    expect(paths()).toEqual(['assessment', 'hotline-reference'])
    await world.run()
    await run()
    expect(said(content)).toEqual([ACTIONS.police, ACTIONS.provider])
    await run()
    await world.remove(caseId)
    await run()
    await run()
    expect(said(content)).toEqual([ACTIONS.police, ACTIONS.provider, ACTIONS.removed])
    expect(paths()).toEqual([
      'assessment',
      'hotline-reference',
      ...['actions', 'actions', 'actions'],
    ])
    const names = world.fake.writes().map(({ body }) => JSON.parse(body) as object)
    expect(names[0]).toEqual({ assessingAnalystName: 'Analyst', classification: CLASSES.baseline })
    expect((await all())[0]?.acts.map(({ said: words, state }) => `${words} ${state}`)).toEqual([
      'assessment baseline done',
      'reference done',
      ...['action police done', 'action provider done', 'action removed done'],
    ])
  })

  it('is handed to the country where it is found to be hosted, with its hosting, and left to it', async () => {
    const content = world.reported('http://beta.example/1.jpg')
    await run()
    const [tip] = await world.tips.list({})
    await world.assess(tip?.id ?? '')
    await world.run()
    await run()
    expect(world.fake.holdings.content(content)).toMatchObject({
      hostingCountryCode: 'NL',
      hostingIpAddress: '198.51.100.7',
      assignedCountryCode: 'NL',
      actions: [],
    })
    expect((await run()).pushed).toMatchObject({ sent: 0, refused: 0 })
  })

  it('is not illegal where it was assessed so, and nothing else that is taken back is said to be', async () => {
    const legal = await assessed('http://alpha.example/1.jpg', 'National')
    const other = await assessed('http://alpha.example/2.jpg', 'National')
    await run()
    await world.transact(async (tx) => {
      await world.cases.takeBack(tx, 'anna', legal.caseId, 'not-illegal', 'as tested')
      await world.cases.takeBack(tx, 'anna', other.caseId, 'not-the-same', 'as tested')
    })
    await run()
    expect(
      world.fake.holdings.content(legal.content).assessments.map((a) => a.classification),
    ).toEqual([CLASSES.national, CLASSES.ignore])
    expect(said(legal.content)).toEqual([ACTIONS.notIllegal])
    expect(said(other.content)).toEqual([])
    expect(world.fake.holdings.content(other.content).assessments).toHaveLength(1)
  })
})

describe('what we found abroad', () => {
  it('is reported with its assessment, once; the notice is sent, and no file tells it', async () => {
    const caseId = await world.assessed('http://beta.example/a.jpg', 'http://beta.example/page')
    await world.run()
    await run()
    await run()
    const [notice] = await world.takedown.list({ caseId })
    expect(notice).toMatchObject({ channel: 'iccam-export', state: 'sent' })
    expect(world.fake.writes()).toHaveLength(1)
    expect(JSON.parse(world.fake.writes()[0]?.body ?? '')).toMatchObject({
      reportingAnalystName: 'Analyst',
      hotlineReference: `report-${notice?.id ?? ''}`,
      sourceUrl: { Referrer: 'http://beta.example/page' },
      urls: [
        {
          urlString: 'http://beta.example/a.jpg',
          hotlineReference: notice?.id,
          hostingCountryCode: 'NL',
          contentType: 1,
          assessment: { classification: CLASSES.baseline },
        },
      ],
    })
    expect(await world.takedown.exports.take('ola', { kind: 'iccam' })).toEqual([])
  })

  it('does not leave while all is stopped, nor where it does not stand any more', async () => {
    const caseId = await world.assessed('http://beta.example/a.jpg')
    await world.run()
    expect(await world.iccam().due()).toMatchObject([
      { url: 'hxxp://beta[.]example/a.jpg', says: 'report' },
    ])
    await world.takedown.stop('ola', 'as tested')
    expect((await run()).pushed).toBeNull()
    await world.takedown.resume('ola')
    await world.transact((tx) =>
      world.cases.takeBack(tx, 'anna', caseId, 'not-the-same', 'as tested'),
    )
    await run()
    expect(world.fake.writes()).toEqual([])
  })
})

describe('a line that is cut', () => {
  it.each(['cut-before', 'cut-after', 'away', 'away-after', 'busy', 'expired', 'twice'] as const)(
    '%s: reads what ICCAM holds before anything is repeated',
    async (trouble) => {
      const caseId = await world.assessed('http://beta.example/a.jpg')
      await world.run()
      await run()
      const { content } = await assessed('http://alpha.example/1.jpg')
      world.fake.troubleWrites(trouble)
      await run()
      for (let round = 0; round < 4; round += 1) {
        world.pass(24)
        await run()
      }
      expect(world.fake.holdings.content(content).assessments).toHaveLength(1)
      expect(world.fake.doubled()).toEqual([])
      expect((await world.takedown.list({ caseId }))[0]?.state).toBe('sent')
    },
  )

  it('leaves a refusal to a person, in the words of ICCAM, and does what the person says', async () => {
    const { content } = await assessed('http://alpha.example/1.jpg')
    world.fake.holdings.assess('NL', content, {
      assessingAnalystName: 'Someone',
      classification: CLASSES.baseline,
    })
    world.fake.holdings.act('SE', content, { actionType: ACTIONS.police, analystName: 'Someone' })
    const other = await assessed('http://alpha.example/2.jpg')
    world.fake.refuse('assessment')
    const report = await run()
    expect(report.pushed).toMatchObject({ refused: 1 })
    const [waiting] = await world.iccam().list({ limit: 10, state: 'asks' })
    expect(waiting?.contentId).toBe(String(other.content))
    expect(waiting?.acts.at(-1)).toMatchObject({
      state: 'refused',
      why: expect.any(String) as string,
    })
    await expect(world.iccam().settle('ola', 'none', 'leave')).rejects.toThrow('no iccam')
    await world.iccam().settle('ola', waiting?.id ?? '', 'again')
    await run()
    expect(world.fake.holdings.content(other.content).assessments).toHaveLength(1)
  })

  it('asks a person where a colleague came after a line that was cut, and undoes nothing of theirs', async () => {
    const { content } = await assessed('http://alpha.example/1.jpg', 'National')
    const { holdings } = world.fake
    const theirs = { assessingAnalystName: 'Someone', classification: CLASSES.baseline }
    world.fake.troubleWrites('cut-after')
    await run()
    holdings.assess('SE', content, theirs)
    world.pass(1)
    expect((await run()).pulled).toMatchObject({ proven: 1 })
    const [waiting] = await world.iccam().list({ limit: 10, state: 'asks' })
    expect(waiting?.acts.at(-1)).toMatchObject({ said: 'assessment national', state: 'lost' })
    await world.iccam().settle('ola', waiting?.id ?? '', 'arrived')
    await run()
    const { assessments } = holdings.content(content)
    expect(assessments.map(({ classification }) => classification)).toEqual([
      CLASSES.national,
      CLASSES.baseline,
    ])
    expect(world.fake.doubled()).toEqual([])
  })

  it('that has not gone for long is alerted of once, also between tries, and again after it went', async () => {
    const alerts = async () =>
      (await world.cases.alertFeed.read(undefined, 1_000)).filter(
        ({ kind }) => kind === 'line-fails',
      )
    const counts = () => world.transact((tx) => world.takedown.errands.counts(tx))
    world.fake.trouble('broken', 'broken', 'broken')
    await world.iccam().round('hindra')
    world.pass(0.9)
    await world.iccam().round('hindra')
    expect(await alerts()).toEqual([])
    world.pass(0.2)
    // It is said before the next try, which may be hours away; and once, however often the process starts.
    await world.iccam().round('hindra')
    world.reopen()
    await world.iccam().round('hindra')
    expect(await alerts()).toMatchObject([{ caseId: null, errand: 'iccam-line' }])
    expect(await counts()).toMatchObject({ count: 1 })
    await run()
    expect(await counts()).toMatchObject({ count: 0 })
  })

  it('says that it does not go, and since when', async () => {
    world.fake.trouble('broken')
    expect(await run()).toMatchObject({ pulled: null, pushed: null })
    expect(await world.iccam().status()).toMatchObject({
      isOn: true,
      failures: 1,
      failingSince: world.now(),
      why: 'ICCAM answered the sign-in with 500',
    })
    expect(await world.iccam().round('hindra')).toBeUndefined()
    await run()
    expect(await world.iccam().status()).toMatchObject({
      failures: 0,
      failingSince: null,
      why: null,
    })
  })
})
