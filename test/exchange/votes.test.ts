import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { HOUR_MS, SeededRandom } from '../../src/core/index.ts'
import { type FormatName, type VoteView, writeList } from '../../src/exchange/index.ts'
import type { Entry, NewFeedback } from '../../src/register/index.ts'
import { NCMEC_CREDENTIALS, type NcmecServer, startNcmec } from './ncmec-server.ts'
import {
  startStopNcii,
  STOPNCII_CREDENTIALS,
  STOPNCII_FEEDBACK_KEY,
  type StopNciiServer,
} from './stopncii-server.ts'
import { type ExchangeWorld, NOW_MS, openExchangeWorld } from './world.ts'

const AGREE: NewFeedback = { opinion: 'agree' }
const DISAGREE: NewFeedback = { opinion: 'disagree', reason: 'a swimming lesson' }

let world: ExchangeWorld
let bo: Principal
let random: SeededRandom

beforeEach(async () => {
  random = new SeededRandom(9)
  world = await openExchangeWorld({ 'exchange.retrySeconds': 600 })
  bo = { id: 'bo', pseudonym: 'BO', kind: 'person', roles: ['verifier'] }
})
afterEach(() => world.dispose())

function hex(bytes: number): string {
  return Buffer.from(random.bytes(bytes)).toString('hex')
}

async function entriesIn(list: string): Promise<readonly (Entry & { readonly itemId: string })[]> {
  const items = await world.engine.as(bo).items.list({ list })
  return items
    .flatMap(({ id, entries }) => entries.map((entry) => ({ ...entry, itemId: id })))
    .sort((a, b) => (a.sourceReference ?? '').localeCompare(b.sourceReference ?? ''))
}

async function say(list: string, position: number, feedback: NewFeedback) {
  const { itemId = '' } = (await entriesIn(list))[position] ?? {}
  return world.engine.stages.exchanging.giveFeedback(bo, { itemId }, feedback)
}

/** The votes in the order of `entriesIn`. */
async function votes(list: string): Promise<readonly VoteView[]> {
  const found = await world.engine.as(world.person).sources.votes({ list })
  const entries = await entriesIn(list)
  return entries.flatMap(({ id }) => found.filter(({ entryId }) => entryId === id))
}

async function states(list: string): Promise<readonly string[]> {
  return (await votes(list)).map(({ state }) => state)
}

describe('feedback', () => {
  beforeEach(async () => {
    const officer: Principal = { ...world.person, roles: ['officer'] }
    await world.engine
      .as(officer)
      .lists.create({ name: 'x', kind: 'partner', arrivesAs: 'verified' })
    const hashes = [{ type: 'md5', value: hex(16) }] as const
    const analyst: Principal = { ...world.person, roles: ['analyst'] }
    await world.engine.stages.curation.propose(analyst, {
      list: 'x',
      hashes,
      classification: 'Baseline',
    })
  })

  it('is kept with its entry, by whom and when, and changes nothing of its standing', async () => {
    expect(await say('x', 0, AGREE)).toMatchObject({ list: 'x', opinion: 'agree', vote: null })
    world.clock.advance(HOUR_MS)
    await say('x', 0, DISAGREE)
    const [entry] = await entriesIn('x')
    expect(entry?.feedback).toMatchObject([
      { opinion: 'agree', by: 'bo', at: '2026-11-20T12:00:00.000Z', reason: null },
      { ...DISAGREE, by: 'bo', at: '2026-11-20T13:00:00.000Z' },
    ])
    const item = await world.engine.as(bo).items.show({ id: entry?.itemId ?? '' })
    expect([item.status, item.matching]).toEqual(['verified', 'automatic'])
    expect(item.history.slice(1).map(({ action, detail }) => [action, detail])).toEqual([
      ['feedback', 'agree'],
      ['feedback', 'disagree'],
    ])
    // Whoever means it disputes it, and that is the entry's life.
    await world.engine.stages.curation.dispute(bo, { itemId: item.id }, 'a swimming lesson')
    expect((await world.engine.as(bo).items.show({ id: item.id })).matching).toBe('review')
  })

  it('leaves as a file, for exchanges that are not spoken to', async () => {
    await say('x', 0, { ...DISAGREE, reason: 'a lesson,\nswimming' })
    const { id } = await world.engine
      .as(world.person)
      .listExports.begin({ list: 'x', reason: 'our quarterly answer' })
    const rows = await world.engine.as(world.person).listExports.entries({ id })
    async function written(format: FormatName): Promise<string> {
      async function* entries() {
        await Promise.resolve()
        yield* rows
        yield* rows.map((entry) => ({ ...entry, feedback: null }))
      }
      const counts = { written: 0, leftOut: 0 }
      const pieces: string[] = []
      const options = { classes: {}, isFeedback: true }
      for await (const piece of writeList(format, entries(), options, counts)) pieces.push(piece)
      expect(counts).toEqual({ written: 1, leftOut: 0 })
      return pieces.join('')
    }
    const [row] = rows
    const { key = '' } = row ?? {}
    const [value] = row?.hashes.map((hash) => hash.value) ?? []
    expect((await written('csv')).split('\n')[1]).toBe(
      `${key},disagree,"a lesson, swimming",2026-11-20T12:00:00.000Z,${value ?? ''},,,,`,
    )
    expect(await written('local_file')).toBe(
      `# disagree, 2026-11-20T12:00:00.000Z: a lesson, swimming\nmd5 ${value ?? ''}\n`,
    )
    expect(JSON.parse(await written('threatexchange'))).toEqual({
      data: [{ id: key, reactions: ['NOT_HELPFUL'] }],
    })
    await expect(written('vics')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'format' })
  })

  it.each([
    ['a disagreement without a reason', { opinion: 'disagree' }, {}, 'INVALID_INPUT'],
    ['a machine', AGREE, { kind: 'machine' }, 'FORBIDDEN'],
    ['who may not', AGREE, { roles: ['crawler'] }, 'FORBIDDEN'],
  ] as const)('is refused of %s', async (_what, feedback, changes, code) => {
    const [entry] = await entriesIn('x')
    const giving = world.engine
      .as({ ...bo, ...changes })
      .items.giveFeedback({ id: entry?.itemId ?? '', ...feedback })
    await expect(giving).rejects.toMatchObject({ code })
  })
})

describe('feedback about an entry of NCMEC', () => {
  const list = 'ncmec'
  let ncmec: NcmecServer
  beforeEach(async () => {
    ncmec = await startNcmec()
    for (const id of ['a', 'b/c']) {
      ncmec.entries.push({
        member: 7,
        id,
        type: 'image',
        timestamp: '2026-11-01T00:00:00Z',
        classification: 'A1',
        fingerprints: { md5: hex(16), sha1: hex(20) },
      })
    }
    await world.addSource(list, {
      protocol: 'ncmec',
      url: ncmec.url,
      credentials: NCMEC_CREDENTIALS,
      classes: { all: 'Baseline' },
    })
    await world.run(list)
  })
  afterEach(() => ncmec.close())

  it('is a vote on each of its fingerprints, and is not sent before a run or by a dry one', async () => {
    expect(await say(list, 0, AGREE)).toMatchObject({ vote: { state: 'waiting' } })
    await say(list, 1, DISAGREE)
    await world.run(list, true)
    expect(ncmec.votes.size).toBe(0)
    const { source } = await world.run(list)
    expect([...ncmec.votes.keys()].sort()).toEqual([
      '7/a/md5',
      '7/a/sha1',
      '7/b/c/md5',
      '7/b/c/sha1',
    ])
    expect(ncmec.votes.get('7/a/md5')).toContain('<affirmative/>')
    expect(ncmec.votes.get('7/b/c/sha1')).toContain('<guid>0123-guid</guid>')
    expect(source.votes).toMatchObject({ waiting: 0, sent: 2, refused: 0, unsure: 0, failures: 0 })
    ncmec.requests.length = 0
    await world.run(list)
    expect(ncmec.requests.filter((line) => line.startsWith('PUT'))).toEqual([])
    // What somebody else thinks too is no news to the exchange; what is thought now is.
    await say(list, 0, AGREE)
    expect(await states(list)).toEqual(['sent', 'sent'])
    await say(list, 0, DISAGREE)
    await world.run(list)
    expect(ncmec.votes.get('7/a/md5')).toContain('<negative>')
  })

  it('that needs one of several reasons is refused by name, and goes once it is named', async () => {
    ncmec.reasons.set('9', 'Something else')
    await say(list, 0, DISAGREE)
    await say(list, 1, AGREE)
    await world.run(list)
    const [refused] = await votes(list)
    expect(refused).toMatchObject({ state: 'refused', fault: { code: 'FEEDBACK_REFUSED' } })
    expect(refused?.fault?.message).toContain('Not what it says, Something else')
    expect(await states(list)).toEqual(['refused', 'sent'])
    await say(list, 0, { ...DISAGREE, exchangeReason: 'something ELSE' })
    await world.run(list)
    expect(ncmec.votes.get('7/a/md5')).toContain('<guid>9</guid>')
  })

  it('waits out a failure, longer each time, and as long as the exchange says', async () => {
    await say(list, 0, AGREE)
    ncmec.faults.push(null, null, { status: 429, retryAfter: '7200' })
    const { source } = await world.run(list)
    // The reading went well: that what goes back is stuck is told by itself.
    expect(source).toMatchObject({ failures: 0, lastFault: null })
    expect(source.votes).toMatchObject({
      waiting: 1,
      failures: 1,
      nextAt: '2026-11-20T14:00:00.000Z',
    })
    expect(source.votes?.lastFault).toMatchObject({ code: 'SOURCE_FAILED' })
    ncmec.faults.push(null, 'reset')
    const again = await world.run(list)
    expect(again.source.votes).toMatchObject({ waiting: 1, failures: 2 })
    expect((await world.run(list)).source.votes).toMatchObject({
      sent: 1,
      failures: 0,
      nextAt: null,
    })
    expect(ncmec.votes.size).toBe(2)
  })

  it('that the exchange has no entry for is final, and does not stop the others', async () => {
    await say(list, 0, AGREE)
    await say(list, 1, AGREE)
    const [gone] = ncmec.entries.splice(0, 1)
    await world.run(list)
    expect(await states(list)).toEqual(['refused', 'sent'])
    if (gone !== undefined) ncmec.entries.push(gone)
    const [entry] = await votes(list)
    await world.engine.as(world.person).sources.resendVote({ list, id: entry?.entryId ?? '' })
    await world.run(list)
    expect(await states(list)).toEqual(['sent', 'sent'])
  })
})

describe('feedback about an entry of StopNCII', () => {
  const list = 'ncii'
  let exchange: StopNciiServer
  beforeEach(async () => {
    exchange = await startStopNcii()
    for (let one = 0; one < 2; one += 1) {
      exchange.records.push({
        lastModtimestamp: NOW_MS / 1_000 - 5_000,
        signalType: 'ImagePDQ',
        hashValue: hex(32),
        hashStatus: 'Active',
      })
    }
  })
  afterEach(() => exchange.close())

  async function added(credentials: Readonly<Record<string, string>>) {
    await world.addSource(list, {
      protocol: 'stopncii',
      url: exchange.url,
      credentials,
      classes: { all: 'Harmful' },
    })
    await world.run(list)
  }

  it('goes nowhere without the key of that endpoint', async () => {
    await added(STOPNCII_CREDENTIALS)
    expect((await say(list, 0, AGREE)).vote).toBeNull()
    expect((await world.run(list)).source.votes).toBeNull()
  })

  it('is never sent twice unasked: what left and was not answered is unsure', async () => {
    await added({ ...STOPNCII_CREDENTIALS, feedbackKey: STOPNCII_FEEDBACK_KEY })
    await say(list, 0, AGREE)
    await say(list, 1, DISAGREE)
    exchange.faults.push(null, 'reset')
    await world.run(list)
    expect(await states(list)).toEqual(['unsure', 'waiting'])
    await world.run(list)
    expect(await states(list)).toEqual(['unsure', 'sent'])
    expect(exchange.feedback).toHaveLength(2)
    expect(exchange.feedback.map((body) => body.includes('NotBlocked'))).toEqual([false, true])
    const [unsure] = await votes(list)
    await world.engine.as(world.person).sources.resendVote({ list, id: unsure?.entryId ?? '' })
    expect((await world.run(list)).source.votes).toMatchObject({ sent: 2, unsure: 0 })
    expect(exchange.feedback).toHaveLength(3)
  })
})
