import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostContact } from '../../src/cases/index.ts'
import { HindraError } from '../../src/errors.ts'
import { policyFiles } from '../../src/policy/index.ts'
import { type NewObjection, type Objection, readObjectionPolicy } from '../../src/takedown/index.ts'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

const REGISTRAR: HostContact = {
  role: 'registrar',
  name: 'registrar',
  channel: { kind: 'mail', address: 'abuse@registrar.example' },
  source: 'rdap-ip',
}
const DAY = 24
const SAID = {
  objector: 'uploader',
  way: 'phone',
  words: 'It is a picture of my own child.',
  language: 'en',
} as const

let world: TakedownWorld
beforeEach(async () => {
  world = await openTakedownWorld()
})
afterEach(() => world.dispose())

const add = (given: Partial<NewObjection>): Promise<Objection> =>
  world.transact((tx) => world.takedown.objections.add(tx, 'anna', { ...SAID, ...given }))
const reject = (id: string, reason = 'It was compared again.', wasTold = true) =>
  world.transact((tx) =>
    world.takedown.objections.decide(tx, 'berit', id, { decision: 'rejected', reason }, wasTold),
  )
const read = (id: string) => world.transact((tx) => world.takedown.objections.read(tx, id))
const alerts = async () => {
  const all = await world.cases.alertFeed.read(undefined, 100)
  return all.flatMap(({ objection }) =>
    objection === undefined ? [] : [`${objection.why} ${objection.times}`],
  )
}

/** Hours pass, it is seen again and again, and everything due is done. */
async function hours(caseId: string, count: number): Promise<void> {
  for (let hour = 0; hour < count; hour += 12) {
    world.pass(12)
    await world.look(caseId, 'present')
    await world.run()
  }
}

async function toldCase(path = '1.jpg'): Promise<{ caseId: string; noticeId: string }> {
  const caseId = await world.assessed(`http://alpha.example/${path}`)
  await world.run()
  const [notice] = await world.takedown.list({ caseId })
  return { caseId, noticeId: notice?.id ?? '' }
}

describe('an objection', () => {
  it('is kept with the time by which it is to be decided, and found by its case', async () => {
    const { caseId, noticeId } = await toldCase()
    const receivedAt = world.now()
    world.pass(5)
    const one = await add({ noticeId, receivedAt })
    expect(one).toMatchObject({ ...SAID, caseId, noticeId, state: 'open', receivedAt })
    expect(Date.parse(one.decideBy) - Date.parse(receivedAt)).toBe(14 * DAY * 3_600_000)
    expect(one).toMatchObject({ contact: null, letter: null, recordedBy: 'anna' })
    const other = await toldCase('2.jpg')
    await add({ caseId: other.caseId })
    const { objections } = world.takedown
    expect((await objections.list({ caseId })).map(({ id }) => id)).toEqual([one.id])
    expect(await objections.list({ state: 'rejected' })).toEqual([])
    expect(await objections.list({ after: one.id })).toHaveLength(1)
    expect(await alerts()).toEqual(['received 1', 'received 1'])
  })

  it.each([
    ['no case', {}, 'INVALID_INPUT', 'caseId'],
    ['no words', { caseId: 'own', words: ' \n ' }, 'INVALID_INPUT', 'words'],
    [
      'a megabyte of words',
      { caseId: 'own', words: 'x'.repeat(1_000_000) },
      'INVALID_INPUT',
      'words',
    ],
    [
      'a time to come',
      { caseId: 'own', receivedAt: '2027-01-01T00:00:00.000Z' },
      'INVALID_INPUT',
      'receivedAt',
    ],
    ['a case that nobody has', { caseId: 'gone' }, 'NOT_FOUND', undefined],
    ['a notice that nobody has', { noticeId: 'gone' }, 'NOT_FOUND', undefined],
    ['a reply without its notice', { caseId: 'own', replyId: 'r' }, 'INVALID_INPUT', 'replyId'],
  ] as const)('with %s is refused, and nothing is kept', async (_why, given, code, field) => {
    const { caseId } = await toldCase()
    const meant = 'caseId' in given && given.caseId === 'own' ? { ...given, caseId } : given
    const refusal = await add(meant).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(HindraError)
    expect(refusal).toMatchObject({ code })
    if (field !== undefined) expect(refusal).toMatchObject({ field })
    expect(await world.takedown.objections.list()).toEqual([])
    expect(await alerts()).toEqual([])
  })

  it('names no notice of another case', async () => {
    const [one, other] = [await toldCase('1.jpg'), await toldCase('2.jpg')]
    await expect(add({ caseId: one.caseId, noticeId: other.noticeId })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })

  it('changes nothing of what is told by itself', async () => {
    world.contacts.push(REGISTRAR)
    const { caseId } = await toldCase()
    await add({ caseId })
    await hours(caseId, 5 * DAY)
    expect((await world.takedown.list({ caseId })).map(({ step }) => step)).toEqual([
      'notice',
      'reminder',
      'registrar',
    ])
    expect((await world.cases.get(caseId)).status).toBe('in-progress')
  })
})

describe('where the policy says reminders-only', () => {
  const steps = async (caseId: string) =>
    (await world.takedown.list({ caseId })).map(({ step }) => step)
  beforeEach(async () => {
    await world.dispose()
    world = await openTakedownWorld({}, { objections: { whileOpen: 'reminders-only' } })
    world.contacts.push(REGISTRAR)
  })

  it('nobody new hears of the case until it is decided', async () => {
    const { caseId } = await toldCase()
    const { id } = await add({ caseId })
    await hours(caseId, 5 * DAY)
    expect(await steps(caseId)).toEqual(['notice', 'reminder'])
    await reject(id)
    await hours(caseId, DAY)
    expect(await steps(caseId)).toEqual(['notice', 'reminder', 'registrar'])
  })

  it('nor does one that nobody decides keep them back beyond its time', async () => {
    const { caseId } = await toldCase()
    await add({ caseId })
    await hours(caseId, 13 * DAY)
    expect(await steps(caseId)).toEqual(['notice', 'reminder'])
    await hours(caseId, 2 * DAY)
    expect(await steps(caseId)).toEqual(['notice', 'reminder', 'registrar'])
  })
})

describe('its time', () => {
  it('is told of before it is over, when it is, and again every day until it is decided', async () => {
    const { caseId } = await toldCase()
    const { id } = await add({ caseId })
    const due = () => world.takedown.objections.alertDue('hindra')
    world.pass(11 * DAY - 1)
    expect(await due()).toBe(0)
    world.pass(1)
    expect([await due(), await due()]).toEqual([1, 0])
    world.pass(3 * DAY)
    expect([await due(), await due()]).toEqual([1, 0])
    expect(await world.takedown.objections.list({ overdue: true })).toMatchObject([
      { id, isOverdue: true },
    ])
    world.pass(DAY)
    await due()
    expect(await alerts()).toEqual(['received 1', 'due-soon 1', 'overdue 2', 'overdue 3'])
    await reject(id)
    world.pass(5 * DAY)
    expect(await due()).toBe(0)
    expect(await world.takedown.objections.list({ overdue: true })).toEqual([])
  })

  it('that passed while nobody ran is told of once, as over', async () => {
    const { caseId } = await toldCase()
    await add({ caseId })
    world.pass(40 * DAY)
    const after = world.restart()
    await after.queueDue('hindra')
    await after.queueDue('hindra')
    expect(await alerts()).toEqual(['received 1', 'overdue 1'])
  })

  it('of one that is written down too late is over at once', async () => {
    const { caseId } = await toldCase()
    const receivedAt = world.now()
    world.pass(20 * DAY)
    await add({ caseId, receivedAt })
    await world.takedown.queueDue('hindra')
    expect(await alerts()).toEqual(['received 1', 'overdue 1'])
  })
})

describe('its answer', () => {
  const answers = () =>
    world.server.received.filter(({ parsed }) => /objection/i.test(parsed.subject ?? ''))

  it('goes once to the address that is known, names no URL, hash or person, and says why', async () => {
    const { caseId, noticeId } = await toldCase()
    const { id } = await add({ noticeId, contact: 'eva@uploader.example' })
    const reason = 'We looked at https://alpha.example/1.jpg again.\n\nIt is what we said.'
    await reject(id, reason)
    const { dispatch } = world.takedown.objections
    expect([(await dispatch('hindra')).sent, (await dispatch('hindra')).sent]).toEqual([1, 0])
    const [mail] = answers()
    expect(answers()).toHaveLength(1)
    expect(mail?.to).toEqual(['eva@uploader.example'])
    const text = mail?.parsed.text ?? ''
    expect(text).toContain('We looked at hxxps://alpha[.]example/1.jpg again.')
    expect(text).toMatch(/It is\s+rejected/)
    expect(text).not.toMatch(/https?:|berit|anna|Article/)
    expect(text).not.toContain(caseId)
    expect((await read(id)).letter).toMatchObject({ state: 'told', attempts: 1 })
  })

  it('is in the language of the notice unless another is asked for', async () => {
    const { noticeId } = await toldCase()
    const given = {
      noticeId,
      contact: 'eva@uploader.example',
      objector: 'host',
      way: 'mail',
    } as const
    const { id } = await world.transact((tx) =>
      world.takedown.objections.add(tx, 'anna', { ...given, words: 'No.' }),
    )
    await reject(id)
    const { letter } = await read(id)
    expect(letter?.subject).toMatch(/Er invändning avslås$/)
    expect(letter?.body).toContain('Den avslås')
  })

  it('to a host goes where its notice went, and tells it of no provider', async () => {
    const { noticeId } = await toldCase()
    const { id, contact } = await add({ noticeId, objector: 'host' })
    expect(contact).toBe('abuse@alpha.example')
    await reject(id)
    const { letter } = await read(id)
    expect(letter?.body).toMatch(/^To Alpha Hosting\n/)
    expect(letter?.body).toContain('no orders of an authority')
    expect(letter?.body).not.toContain('contest')
  })

  it('to a case of which nobody was told claims nothing that was told', async () => {
    const caseId = await world.assessed('http://nowhere.example/1.jpg')
    const { id } = await add({ caseId, contact: 'eva@uploader.example' })
    await reject(id, 'As before.', false)
    const { letter } = await read(id)
    expect(letter?.body).toContain('we stand by our assessment')
    expect(letter?.body).not.toMatch(/what we told|Our letter about it/)
  })

  it('cites the Regulation only where somebody has confirmed it', async () => {
    await world.dispose()
    world = await openTakedownWorld({}, { lawyer: 'A. Lawyer' })
    const { noticeId } = await toldCase()
    const { id } = await add({ noticeId, contact: 'eva@uploader.example' })
    await reject(id)
    expect((await read(id)).letter?.body.replace(/\s+/g, ' ')).toMatch(
      /Article 20 of Regulation \(EU\) 2022\/2065.*\(Article 21\)/,
    )
  })

  it.each(['a'.repeat(32), 'SHA-256 is 0123456789abcdef0123456789ABCDEF0123456789abcdef'])(
    'holds no hash: %s is refused, and nothing is decided',
    async (reason) => {
      const { caseId } = await toldCase()
      const { id } = await add({ caseId })
      await expect(reject(id, reason)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
      expect(await read(id)).toMatchObject({ state: 'open', letter: null })
    },
  )

  it('waits for a person where no address is known, and is told once', async () => {
    const { caseId } = await toldCase()
    const waiting = async () => (await world.takedown.errands.list({})).map((one) => one.id)
    const { id } = await add({ caseId })
    expect(await waiting()).toEqual([`objection-${id}`])
    await reject(id)
    expect(await waiting()).toEqual([`answer-${id}`])
    await world.takedown.objections.dispatch('hindra')
    expect(answers()).toEqual([])
    expect(await alerts()).toEqual(['received 1', 'by-hand 1'])
    const told = () => world.transact((tx) => world.takedown.objections.markTold(tx, 'anna', id))
    expect((await told()).letter).toMatchObject({ state: 'told', channel: 'by-hand' })
    expect(await waiting()).toEqual([])
    await expect(told()).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('waits for a person where the address takes it not', async () => {
    const { caseId } = await toldCase()
    const { id } = await add({ caseId, contact: 'eva@uploader.example' })
    await reject(id)
    world.server.behave('refuse-recipient')
    const { sent, problems } = await world.takedown.objections.dispatch('hindra')
    expect([sent, problems]).toEqual([
      0,
      [`answer to objection ${id}: refused: a person is to tell it`],
    ])
    expect((await read(id)).letter).toMatchObject({ state: 'queued', channel: 'by-hand' })
  })

  it('that nobody heard of goes again after a crash, the same bytes, and says so', async () => {
    const { caseId } = await toldCase()
    const { id } = await add({ caseId, contact: 'eva@uploader.example' })
    await reject(id)
    world.server.behave('take-and-drop')
    await world.takedown.objections.dispatch('hindra')
    world.server.behave('accept')
    world.pass(1)
    const after = world.restart()
    await after.objections.dispatch('hindra')
    await after.objections.dispatch('hindra')
    const [first, second, ...more] = answers()
    expect(more).toEqual([])
    expect(second?.raw.equals(first?.raw ?? Buffer.of())).toBe(true)
    expect((await read(id)).letter).toMatchObject({ state: 'told', possiblyDoubled: true })
  })

  it('is none where it was withdrawn', async () => {
    const { caseId } = await toldCase()
    const { id } = await add({ caseId, contact: 'eva@uploader.example' })
    const withdraw = () =>
      world.transact((tx) => world.takedown.objections.withdraw(tx, 'anna', id, 'they rang'))
    expect(await withdraw()).toMatchObject({
      state: 'withdrawn',
      letter: null,
      reason: 'they rang',
    })
    await expect(withdraw()).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(reject(id)).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('what the house lays down', () => {
  const read = (content: object) => () =>
    readObjectionPolicy({ read: () => ({ path: 'objections.yaml', content }) })
  const shipped = policyFiles('nowhere').read('objections.yaml').content as object

  it.each([
    ['decideWithinDays', 0],
    ['repeatDays', 0],
    ['remindBeforeDays', -1],
    ['whileOpen', 'stop'],
    ['decideWithin', 14],
  ])('%s: %s is refused by its name', (name, value) => {
    expect(read({ ...shipped, [name]: value })).toThrow(
      expect.objectContaining({
        code: 'INVALID_CONFIG',
        message: expect.stringContaining(name) as string,
      }),
    )
  })
})
