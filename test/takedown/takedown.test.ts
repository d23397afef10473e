import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTakedownWorld, partOf, type TakedownWorld } from './world.ts'

let world: TakedownWorld
beforeEach(async () => {
  world = await openTakedownWorld()
})
afterEach(() => world.dispose())

const noticesOf = async (caseId: string) =>
  (await world.takedown.list({ caseId })).map(({ step, state, recipient }) => [
    step,
    state,
    recipient,
  ])

describe('first notices', () => {
  it('go out as one mail a recipient, and the cases are in progress', async () => {
    const first = await world.assessed('http://a.alpha.example/1.jpg')
    const second = await world.assessed('http://b.alpha.example/2.jpg')
    const third = await world.assessed('http://beta.example/3.jpg')
    expect(await world.run()).toEqual({ queued: 3, mailsSent: 2, noticesSent: 3, problems: [] })

    const mails = world.server.received
    expect(mails.map(({ to }) => to)).toEqual([['abuse@alpha.example'], ['abuse@beta.example']])
    expect(partOf(mails[0]).notices.map(({ caseId }) => caseId)).toEqual([first, second])
    for (const id of [first, second, third]) {
      expect(await world.cases.get(id)).toMatchObject({ status: 'in-progress' })
    }
    expect(await world.cases.get(third)).toMatchObject({ hostName: 'Beta Cloud', country: 'NL' })
    const [notice] = await world.takedown.list({ caseId: first })
    expect(notice).toMatchObject({
      state: 'sent',
      sentAt: world.now(),
      attempts: 1,
      possiblyDoubled: false,
      lastError: null,
      messageId: mails[0]?.parsed.messageId,
    })
  })

  it('go to the host that somebody found while an older look-up hung, at another server', async () => {
    const caseId = await world.assessed('http://elsewhere.example/1.jpg')
    let answer: (addresses: readonly string[]) => void = () => undefined
    world.names.set('elsewhere.example', new Promise((resolve) => (answer = resolve)))
    const due = world.takedown.queueDue('hindra')
    await new Promise((resolve) => setTimeout(resolve, 50))
    world.names.set('elsewhere.example', ['198.51.100.9'])
    const other = world.restart()
    await other.retrace('anna', caseId)
    await other.dispatch('hindra')
    answer(['192.0.2.9'])
    await due
    expect(await world.cases.get(caseId)).toMatchObject({ hostName: 'Beta Cloud' })
    expect(await noticesOf(caseId)).toEqual([['notice', 'sent', 'abuse@beta.example']])
  })

  it('are sent once, however often it runs', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    await Promise.all([world.run(), world.run()])
    await world.run()
    expect(world.server.received).toHaveLength(1)
    expect(await world.takedown.list()).toHaveLength(1)
  })

  it('are not taken for those of a dead run by a second run at the same time', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    await world.takedown.queueDue('hindra')
    let sent = 0
    let letGo = (): void => undefined
    const answer = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const slow = world.restart({
      transport: {
        async send() {
          sent += 1
          await answer
          return { response: '250 ok' }
        },
        verify: () => Promise.resolve(),
        close: () => undefined,
      },
    })
    const runs = [slow.dispatch('hindra'), slow.dispatch('hindra')]
    await expect.poll(() => sent).toBe(1)
    letGo()
    const reports = await Promise.all(runs)
    expect(reports.map(({ mailsSent }) => mailsSent)).toEqual([1, 0])
    expect(await world.takedown.list()).toMatchObject([{ state: 'sent', possiblyDoubled: false }])
  })

  it('wait for the decision of a person where the match is only a likeness', async () => {
    const { id } = await world.seen('http://alpha.example/1.jpg', 'item-1', 'review')
    expect(await world.run()).toMatchObject({ queued: 0, mailsSent: 0 })
    await world.transact((tx) => world.cases.decide(tx, 'anna', id, 'accepted', 'it is'))
    expect(await world.run()).toMatchObject({ queued: 1, mailsSent: 1 })
    expect(partOf(world.server.received[0]).notices[0]?.basis).toBe('known-material')
  })

  it('are many mails where one would hold too many URLs', async () => {
    await world.dispose()
    world = await openTakedownWorld({ urlsPerMailMax: 2 })
    for (let n = 0; n < 5; n += 1) await world.assessed(`http://alpha.example/${n}.jpg`)
    expect(await world.run()).toMatchObject({ mailsSent: 3, noticesSent: 5 })
    const counts = world.server.received.map((mail) => partOf(mail).notices.length)
    expect(counts).toEqual([2, 2, 1])
  })

  it('leave a case without a contact open, say so, and go out when one is known', async () => {
    const id = await world.assessed('http://nowhere.example/1.jpg')
    const { problems } = await world.run()
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(`case ${id}: NO_CONTACT`)
    expect(problems[0]).not.toContain('nowhere')
    expect(await world.cases.get(id)).toMatchObject({ status: 'open', hostName: null })
    world.names.set('nowhere.example', ['198.51.100.7'])
    world.pass(1)
    expect(await world.run()).toMatchObject({ queued: 1, mailsSent: 1, problems: [] })
    expect(world.server.received[0]?.to).toEqual(['abuse@beta.example'])
  })

  it('go out anew when a removed case is seen again', async () => {
    const { id } = await world.seen('http://alpha.example/1.jpg', 'item-1')
    await world.run()
    await world.remove(id)
    world.pass(1)
    await world.seen('http://alpha.example/1.jpg', 'item-1')
    expect(await world.run()).toMatchObject({ queued: 1, noticesSent: 1 })
    const lines = world.server.received.flatMap((mail) => partOf(mail).notices)
    expect(lines.map(({ caseId }) => caseId)).toEqual([id, id])
  })
})

describe('what may no longer be said', () => {
  it('is withdrawn when the item stands no more at the moment of sending', async () => {
    const { id } = await world.seen('http://alpha.example/1.jpg', 'item-1')
    const other = await world.seen('http://alpha.example/2.jpg', 'item-2')
    await world.takedown.queueDue('hindra')
    world.fallen.add('item-1')
    expect(await world.takedown.dispatch('hindra')).toMatchObject({ noticesSent: 1 })
    expect(await noticesOf(id)).toEqual([['notice', 'withdrawn', 'abuse@alpha.example']])
    const lines = partOf(world.server.received[0]).notices
    expect(lines.map(({ caseId }) => caseId)).toEqual([other.id])
  })

  it('is not queued at all when the item fell before', async () => {
    await world.seen('http://alpha.example/1.jpg', 'item-1')
    world.fallen.add('item-1')
    expect(await world.run()).toMatchObject({ queued: 0, mailsSent: 0 })
  })

  it('is withdrawn with a disputed case, and queued again when the dispute ends well', async () => {
    const { id } = await world.seen('http://alpha.example/1.jpg', 'item-1')
    await world.takedown.queueDue('hindra')
    await world.transact((tx) => world.cases.disputeItem(tx, 'anna', 'item-1'))
    expect(await world.transact((tx) => world.takedown.withdrawForCase(tx, 'anna', id))).toBe(1)
    expect(await world.takedown.dispatch('hindra')).toMatchObject({ mailsSent: 0 })
    await world.transact((tx) => world.cases.verifyItem(tx, 'anna', 'item-1'))
    expect(await world.run()).toMatchObject({ queued: 1, noticesSent: 1 })
    expect(await noticesOf(id)).toEqual([
      ['notice', 'withdrawn', 'abuse@alpha.example'],
      ['notice', 'sent', 'abuse@alpha.example'],
    ])
  })

  it('stays out of the outbox when the case is closed between queueing and sending', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.takedown.queueDue('hindra')
    await world.transact((tx) => world.cases.close(tx, 'anna', id, 'mistake'))
    expect(await world.takedown.dispatch('hindra')).toMatchObject({ mailsSent: 0 })
    expect(world.server.received).toEqual([])
    expect(await noticesOf(id)).toEqual([['notice', 'withdrawn', 'abuse@alpha.example']])
  })

  it('is withdrawn when the case ended and began again meanwhile: it goes out once', async () => {
    const { id } = await world.seen('http://alpha.example/1.jpg', 'item-1')
    await world.takedown.queueDue('hindra')
    await world.remove(id)
    world.pass(1)
    await world.look(id, 'present')
    expect(await world.run()).toMatchObject({ queued: 1, noticesSent: 1 })
    expect((await noticesOf(id)).map(([, state]) => state)).toEqual(['withdrawn', 'sent'])
  })

  it('does not take back what was sent', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    expect(await world.transact((tx) => world.takedown.withdrawForCase(tx, 'anna', id))).toBe(0)
    expect(await noticesOf(id)).toEqual([['notice', 'sent', 'abuse@alpha.example']])
  })
})

describe('a host that changes', () => {
  it('before sending: the notice goes to the new one', async () => {
    world.names.set('moving.example', ['192.0.2.7'])
    const id = await world.assessed('http://moving.example/1.jpg')
    await world.takedown.queueDue('hindra')
    world.names.set('moving.example', ['198.51.100.7'])
    expect(await world.takedown.dispatch('hindra')).toMatchObject({ mailsSent: 1 })
    expect(world.server.received.map(({ to }) => to)).toEqual([['abuse@beta.example']])
    expect(await noticesOf(id)).toEqual([
      ['notice', 'withdrawn', 'abuse@alpha.example'],
      ['notice', 'sent', 'abuse@beta.example'],
    ])
    expect(await world.cases.get(id)).toMatchObject({ hostName: 'Beta Cloud' })
  })

  it('to one that nobody knows: the notice waits and says why', async () => {
    world.names.set('moving.example', ['192.0.2.7'])
    const id = await world.assessed('http://moving.example/1.jpg')
    await world.takedown.queueDue('hindra')
    world.names.delete('moving.example')
    const { mailsSent, problems } = await world.takedown.dispatch('hindra')
    expect(mailsSent).toBe(0)
    expect(problems[0]).toMatch(/^notice .*: NO_CONTACT/)
    const [notice] = await world.takedown.list({ caseId: id })
    expect(notice).toMatchObject({ state: 'queued', attempts: 0 })
    expect(notice?.lastError).toContain('NO_CONTACT')
    world.names.set('moving.example', ['192.0.2.7'])
    expect(await world.takedown.dispatch('hindra')).toMatchObject({ mailsSent: 0, problems: [] })
    world.pass(0.1)
    expect(await world.takedown.dispatch('hindra')).toMatchObject({ mailsSent: 1 })
  })

  it('after the notice: the new one gets a notice of its own instead of a reminder', async () => {
    world.names.set('moving.example', ['192.0.2.7'])
    const id = await world.assessed('http://moving.example/1.jpg')
    await world.run()
    world.names.set('moving.example', ['198.51.100.7'])
    world.pass(25)
    await world.look(id, 'present')
    await world.run()
    await world.run()
    expect(await noticesOf(id)).toEqual([
      ['notice', 'sent', 'abuse@alpha.example'],
      ['reminder', 'withdrawn', 'abuse@alpha.example'],
      ['notice', 'sent', 'abuse@beta.example'],
    ])
    world.pass(25)
    await world.look(id, 'present')
    await world.run()
    expect((await noticesOf(id)).at(-1)).toEqual(['reminder', 'sent', 'abuse@beta.example'])
  })
})

describe('reminders', () => {
  it('go out once, when a look after the notice still found it', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    world.pass(23)
    await world.look(id, 'present')
    expect(await world.run()).toMatchObject({ queued: 0 })
    world.pass(2)
    expect(await world.run()).toMatchObject({ queued: 1, mailsSent: 1 })
    const [first, reminder] = world.server.received
    expect(reminder?.parsed.subject).toContain('Påminnelse')
    expect(reminder?.parsed.references).toBe(first?.parsed.messageId)
    expect(partOf(reminder)).toMatchObject({
      step: 'reminder',
      notices: [{ caseId: id, reminds: { messageId: first?.parsed.messageId } }],
    })
    world.pass(100)
    await world.look(id, 'present')
    expect(await world.run()).toMatchObject({ queued: 0 })
  })

  it('do not go out where nobody saw it since, or the last look missed it', async () => {
    const unseen = await world.assessed('http://alpha.example/1.jpg')
    const missed = await world.assessed('http://alpha.example/2.jpg')
    await world.run()
    world.pass(25)
    await world.look(unseen, 'unverifiable')
    await world.look(missed, 'present')
    world.pass(3)
    await world.look(missed, 'gone')
    expect(await world.run()).toMatchObject({ queued: 0 })
    await world.look(missed, 'present')
    expect(await world.run()).toMatchObject({ queued: 1 })
  })

  it('wait as long as it was missed again between queueing and sending, and are not lost', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    world.pass(25)
    await world.look(id, 'present')
    await world.takedown.queueDue('hindra')
    await world.look(id, 'gone')
    expect(await world.takedown.dispatch('hindra')).toMatchObject({ mailsSent: 0 })
    world.pass(3)
    await world.look(id, 'present')
    expect(await world.run()).toMatchObject({ queued: 1, mailsSent: 1 })
  })

  it('are not due in the next round of a case for the notice of the last', async () => {
    const { id } = await world.seen('http://alpha.example/1.jpg', 'item-1')
    await world.run()
    await world.remove(id)
    world.pass(30)
    await world.look(id, 'present')
    expect(await world.cases.get(id)).toMatchObject({ status: 'open', reopened: 1 })
    await world.run()
    const steps = (await world.takedown.list({ caseId: id })).map(({ step }) => step)
    expect(steps).toEqual(['notice', 'notice'])
  })
})

describe('what can be seen', () => {
  it('shows a defanged text before and after sending, and the same one', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg', 'http://alpha.example/page')
    await world.takedown.queueDue('hindra')
    const [queued] = await world.takedown.list({ caseId: id })
    const before = await world.takedown.preview(queued?.id ?? '')
    await world.takedown.dispatch('hindra')
    const after = await world.takedown.preview(queued?.id ?? '')
    expect(after).toBe(before)
    expect(after).toContain('hxxp://alpha[.]example/1.jpg')
    expect(after).not.toContain('http://')
    const { subject, text } = world.server.received[0]?.parsed ?? {}
    expect(`Subject: ${subject}\n\n${text}`).toBe(
      after.replaceAll('hxxp:', 'http:').replaceAll('[.]', '.'),
    )
  })

  it('pages and filters by state and case', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n += 1) ids.push(await world.assessed(`http://alpha.example/${n}.jpg`))
    await world.takedown.queueDue('hindra')
    const first = await world.takedown.list({ limit: 2 })
    const rest = await world.takedown.list({ after: first[1]?.id ?? '' })
    expect([...first, ...rest].map(({ caseId }) => caseId)).toEqual(ids)
    expect(await world.takedown.list({ state: 'sent' })).toEqual([])
    expect(await world.takedown.list({ state: 'queued', limit: 3 })).toHaveLength(3)
    expect(await world.takedown.list({ state: 'queued', caseId: ids[3] ?? '' })).toHaveLength(1)
    await expect(world.takedown.get('none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await world.takedown.get(first[0]?.id ?? '')).caseId).toBe(ids[0])
  })

  it('keeps an audit entry of each step, without a recipient or URL', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    const entries = (await world.audit.entries({})).filter(({ action }) =>
      action.startsWith('notice'),
    )
    expect(entries.map(({ action }) => action)).toEqual([
      'notice.queued',
      'notice.sending',
      'notice.sent',
    ])
    expect(JSON.stringify(entries)).not.toContain('alpha')
  })
})
