import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg, transforms } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { RECHECK } from '../cases/world.ts'
import { ANN, type Hosted, openHosted } from './hosted.ts'

const PATH = '/a.jpg'
const PAGE = '<!doctype html><html><title>Pictures</title><body><p>Hello</p></body></html>'

let scene: Buffer
/** Neither near enough to be it nor far enough to be another, where no features are kept. */
let alike: Buffer
beforeAll(async () => {
  scene = await sceneJpeg(11)
  alike = await transforms.caption(scene, new SeededRandom(5))
})

let hosted: Hosted
afterEach(() => hosted.close())

/** Times between looks are not drawn: how many looks fit into some hours must not be a matter of chance. */
const INTERVALS = {
  'recheck.intervals': RECHECK.intervals,
  'recheck.watchIntervals': RECHECK.watchIntervals,
}

async function open(settings: Record<string, unknown> = {}): Promise<string> {
  hosted = await openHosted({ 'features.store': false, ...INTERVALS, ...settings })
  await hosted.know(scene)
  hosted.show(PATH, { body: scene })
  return (await hosted.see(PATH))?.id ?? ''
}

const read = (id: string) => hosted.engine.as(ANN).cases.show({ id })
const waiting = async () =>
  (await hosted.engine.as(ANN).cases.list({ unverified: 'true', limit: 10 })).map(({ id }) => id)
const alerts = async () =>
  (await hosted.engine.as(ANN).alerts.list({})).filter(({ kind }) => kind === 'unverified')
const answer = (id: string, said: 'still-there' | 'gone') =>
  hosted.engine.as(ANN).cases.answerLook({ id, answer: said, reason: 'I looked' })

/** What `hindra serve` does by itself, hour after hour. */
async function hours(count: number): Promise<void> {
  for (let hour = 0; hour < count; hour += 1) {
    hosted.pass(1)
    await hosted.engine.runDue()
  }
}

describe('what looks cannot tell', () => {
  it('is told at once where only a person can see it, listed, and told again ever more rarely', async () => {
    const id = await open()
    hosted.show(PATH, { body: alike })
    await hours(5)
    expect(await waiting()).toEqual([id])
    expect(await alerts()).toMatchObject([{ caseId: id, look: { cause: 'alike', times: 1 } }])
    await hours(24)
    expect(await alerts()).toHaveLength(2)
    await hours(24 * 9)
    expect((await alerts()).length).toBeGreaterThanOrEqual(4)
    expect((await alerts()).length).toBeLessThanOrEqual(5)
    expect(await read(id)).toMatchObject({ status: 'open', missesInRow: 0 })
  })

  it('is tried again and told within a day where it may mend itself, and not told where it did', async () => {
    const id = await open()
    hosted.show(PATH, { status: 503 })
    await hours(5)
    hosted.show(PATH, { body: scene })
    await hours(12)
    expect([await waiting(), await alerts()]).toEqual([[], []])
    hosted.show(PATH, { status: 403 })
    await hours(24)
    expect(await waiting()).toEqual([id])
    expect(await alerts()).toMatchObject([{ look: { cause: 'forbidden', times: 1 } }])
  })

  it('is a page, where media was', async () => {
    const id = await open()
    hosted.show(PATH, { body: PAGE })
    await hours(5)
    expect(await alerts()).toMatchObject([{ caseId: id, look: { cause: 'no-media' } }])
  })

  it('waits for nobody once looks can tell, or the case is over', async () => {
    const id = await open()
    hosted.show(PATH, { body: alike })
    await hours(5)
    hosted.show(PATH, { status: 404 })
    await hours(5)
    expect(await waiting()).toEqual([])
    hosted.show(PATH, { body: alike })
    await hours(5)
    expect(await waiting()).toEqual([id])
    await hosted.engine.as(ANN).cases.close({ id, reason: 'done' })
    expect(await waiting()).toEqual([])
  })
})

describe('what a person says', () => {
  it('still there: what is there counts as it from then on, and the reminder may go', async () => {
    const id = await open()
    hosted.show(PATH, { body: alike })
    await hours(5)
    const before = await read(id)
    const after = await answer(id, 'still-there')
    expect(after.lastSeenAt > before.lastSeenAt).toBe(true)
    expect(after).toMatchObject({ status: 'open', unverified: null, lastLook: { cause: 'person' } })
    expect(await hosted.look(id)).toMatchObject({ outcome: 'present', cause: 'as-answered' })
    const again = await transforms.reencode(alike, new SeededRandom(3))
    hosted.show(PATH, { body: again })
    expect(await hosted.look(id)).toMatchObject({ outcome: 'present', cause: 'as-answered' })
    hosted.show(PATH, { status: 404 })
    expect(await hosted.follow(id, 4)).toMatchObject({ status: 'removed' })
  })

  it('gone: removed at once, what is there is not it, and it is back when it is back', async () => {
    const id = await open()
    hosted.show(PATH, { body: alike })
    await hours(5)
    const gone = await answer(id, 'gone')
    expect(gone).toMatchObject({ status: 'removed', unverified: null })
    expect(gone.history.at(-1)?.reason).toBe('a person looked, it is gone: I looked')
    expect(await hosted.look(id)).toMatchObject({ outcome: 'gone', cause: 'as-answered' })
    expect(await waiting()).toEqual([])
    hosted.show(PATH, { body: scene })
    expect(await hosted.look(id)).toMatchObject({ outcome: 'present', cause: 'same-file' })
    expect(await read(id)).toMatchObject({ status: 'open', reopened: 1 })
    const kinds = (await hosted.engine.as(ANN).alerts.list({})).map(({ kind }) => kind)
    expect(kinds).toEqual(['opened', 'unverified', 'removed', 'reopened'])
  })

  it('takes back what another said', async () => {
    const id = await open()
    hosted.show(PATH, { body: alike })
    await hours(5)
    await answer(id, 'still-there')
    await hosted.look(id)
    expect(await answer(id, 'gone')).toMatchObject({ status: 'removed' })
    expect(await hosted.look(id)).toMatchObject({ outcome: 'gone', cause: 'as-answered' })
  })

  it('look again: nobody is told until then, and then somebody is', async () => {
    const id = await open()
    hosted.show(PATH, { body: alike })
    await hours(5)
    const at = new Date(Date.parse((await read(id)).unverified?.alertAt ?? '') + 48 * 3_600_000)
    const said = { answer: 'look-again', at: at.toISOString() } as const
    const after = await hosted.engine
      .as(ANN)
      .cases.answerLook({ id, ...said, reason: 'asks for a login' })
    expect(after).toMatchObject({ status: 'open', nextRecheckAt: said.at })
    await hours(60)
    expect(await alerts()).toHaveLength(1)
    await hours(14)
    expect(await alerts()).toHaveLength(2)
  })

  it('is audited, and refused where it says what it cannot', async () => {
    const id = await open()
    const { engine } = hosted
    await hosted.look(id)
    const refused = (code: string) => expect.objectContaining({ code }) as unknown
    await expect(answer(id, 'gone')).rejects.toEqual(refused('CASE_STATE'))
    for (const at of ['2020-01-01T00:00:00.000Z', '2030-01-01T00:00:00.000Z', 'soon']) {
      const said = engine
        .as(ANN)
        .cases.answerLook({ id, answer: 'look-again', at, reason: 'later' })
      await expect(said).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'at' })
    }
    const silent = engine.as(ANN).cases.answerLook({ id, answer: 'still-there', reason: ' ' })
    await expect(silent).rejects.toEqual(refused('INVALID_INPUT'))
    const crawler = { id: 'c', pseudonym: 'c', kind: 'person', roles: ['crawler'] } as const
    const foreign = engine
      .as(crawler)
      .cases.answerLook({ id, answer: 'still-there', reason: 'I looked' })
    await expect(foreign).rejects.toEqual(refused('FORBIDDEN'))
    await answer(id, 'still-there')
    const entries = await engine.as(ANN).audit.list({ limit: 1_000 })
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'case.look-answered', by: 'ann', subject: id }),
    )
    await engine.as(ANN).cases.close({ id, reason: 'done' })
    await expect(answer(id, 'still-there')).rejects.toEqual(refused('CASE_STATE'))
  })
})
