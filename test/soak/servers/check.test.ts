import { describe, expect, it } from 'vitest'
import { CHAIN_START, commitmentOf, linkHash } from '../../../src/audit/commitment.ts'
import type { ChainedEntry } from '../../../src/audit/index.ts'
import { alarmsIn } from './alarms.ts'
import { faultsOf } from './check.ts'
import type { Ending, Line } from './history.ts'

const SALT = Buffer.alloc(32, 7).toString('base64')
const [KNOWN, RETRACTED, STRANGE] = [0, 1, 2]
const HOST = 'abuse@alpha.example'

interface History {
  readonly lines: readonly Line[]
  readonly ending: Ending
}

/** A history as it should be: what is known opens a case of which its host is told, once. */
function sound(): History {
  const lines: Line[] = [
    ...acts(KNOWN, { propose: 0, verify: 100 }),
    ...acts(RETRACTED, { propose: 200, verify: 300, retract: 10_000 }),
    { seen: 'a', at: 2_000, url: 'seen-a', picture: KNOWN },
    { answered: 'a', at: 2_100, verdict: 'exact', caseId: 'case-a' },
    { seen: 'b', at: 3_000, url: 'seen-b', picture: RETRACTED },
    { answered: 'b', at: 3_100, verdict: 'confirmed', caseId: 'case-b' },
    { seen: 'c', at: 3_500, url: 'seen-c', picture: KNOWN },
    { published: 'c', at: 3_600 },
    { took: 'case-a', at: 4_000, by: 'anna' },
    { returns: 'case-a', at: 4_100, by: 'anna' },
    { took: 'case-a', at: 4_200, by: 'anton' },
    { seen: 'd', at: 20_000, url: 'seen-d', picture: RETRACTED },
    { answered: 'd', at: 20_100, verdict: 'none' },
    { seen: 'e', at: 21_000, url: 'seen-e', picture: STRANGE },
    { answered: 'e', at: 21_100, verdict: 'none' },
    { turn: '1', at: 5_000, by: 'one' },
    { mail: '<a>', at: 5_100, by: 'one', to: HOST, urls: ['seen-a', 'seen-c'] },
    { turn: '1', at: 5_200, by: 'one' },
    { turn: '2', at: 6_000, by: 'two' },
    // It was under way when the turn was lost, and was sent again.
    { mail: '<b>', at: 6_100, by: 'one', to: HOST, urls: ['seen-b'] },
    { turn: '2', at: 6_200, by: 'two' },
    { mail: '<b>', at: 6_300, by: 'two', to: HOST, urls: ['seen-b'] },
    { turn: '2', at: 6_400, by: 'two' },
    ...['x', 'y', 'y', 'z'].map((told) => {
      const sequence = 'xyz'.indexOf(told) + 1
      return { told, at: 7_000, by: 'follower', sequence }
    }),
    ...Array.from({ length: 300 }, (_, n) => {
      return { memory: 200 + (n % 50), at: n * 1_000, by: 'one.1' }
    }),
  ]
  const stands = { status: 'open', decision: 'not-needed', sightings: 1, takenBack: null } as const
  const cases = [
    { ...stands, id: 'case-a', url: 'seen-a' },
    { ...stands, id: 'case-c', url: 'seen-c' },
    {
      ...stands,
      id: 'case-b',
      url: 'seen-b',
      status: 'retracted' as const,
      takenBack: 'item-retracted' as const,
    },
  ]
  const sent = {
    channel: 'mail',
    recipient: HOST,
    state: 'sent',
    step: 'notice',
    possiblyDoubled: false,
  } as const
  const notices = [
    { ...sent, id: 'notice-a', caseId: 'case-a', messageId: '<a>' },
    { ...sent, id: 'notice-c', caseId: 'case-c', messageId: '<a>' },
    { ...sent, id: 'notice-b', caseId: 'case-b', messageId: '<b>', possiblyDoubled: true },
  ]
  const alerts = ['x', 'y', 'z'].map((id, n) => ({ id, sequence: n + 1 }))
  const audit = chainOf(lines.flatMap((line) => ('did' in line ? [line] : [])))
  const last = audit.at(-1)?.link
  const head = { at: '', count: last?.number ?? 0, hash: last?.hash ?? '' }
  return { lines, ending: { cases, alerts, notices, audit, head, intact: true } }
}

function acts(picture: number, begun: Partial<Record<'propose' | 'verify' | 'retract', number>>) {
  return Object.entries(begun).flatMap(([name, at]): Line[] => {
    const act = name as keyof typeof begun
    return [
      { begins: act, at, picture },
      { did: act, at: at + 50, picture, itemId: `item-${picture}` },
    ]
  })
}

function chainOf(acts: readonly Extract<Line, { did: string }>[]): readonly ChainedEntry[] {
  let hash = CHAIN_START
  return acts.map(({ did, itemId: subject }, n) => {
    const content = { at: '', by: 'somebody', action: `item.${did}`, subject, detail: {} }
    const [cursor, commitment] = [`${n}`.padStart(20, '0'), commitmentOf(SALT, content)]
    hash = linkHash(hash, n + 1, cursor, commitment)
    return { cursor, content, salt: SALT, commitment, link: { number: n + 1, hash } }
  })
}

function found(change: (history: History) => Partial<History>): Promise<readonly string[]> {
  const history = sound()
  const { lines, ending } = { ...history, ...change(history) }
  return faultsOf(lines, ending)
}

const withLines = (...more: readonly Line[]) =>
  found(({ lines }) => ({ lines: [...lines, ...more] }))
const without = (isGone: (line: Line) => boolean) =>
  found(({ lines }) => ({ lines: lines.filter((line) => !isGone(line)) }))
const ending = (change: (ending: Ending) => Partial<Ending>) =>
  found((history) => ({ ending: { ...history.ending, ...change(history.ending) } }))

describe('the checker of what a house did', () => {
  it('finds nothing where all is well', async () => {
    expect(await found(() => ({}))).toEqual([])
  })

  it('finds a match that was answered, or taken by NATS, and is lost', async () => {
    const lost = (id: string) =>
      ending(({ cases }) => ({ cases: cases.filter((one) => one.id !== id) }))
    expect(await lost('case-a')).toContain('a: its match is lost')
    expect(await lost('case-c')).toContain('c: what was acknowledged is lost')
  })

  it('finds a sighting that was refused for good', async () => {
    const refused = await withLines({ refused: 'z', at: 9_000, code: 'INVALID_INPUT' })
    expect(refused).toEqual(['z was refused: INVALID_INPUT'])
  })

  it('finds two cases of one sighting, one that was counted twice, and one of nothing', async () => {
    const more = (url: string, sightings: number) =>
      ending(({ cases, notices }) => ({
        cases: cases.flatMap((one) =>
          one.id === 'case-a' ? [one, { ...one, id: 'again', url, sightings }] : [one],
        ),
        notices: notices.flatMap((one) =>
          one.id === 'notice-a' ? [one, { ...one, caseId: 'again' }] : [one],
        ),
      }))
    expect(await more('seen-a', 1)).toEqual(['seen-a has 2 cases'])
    expect(await more('seen-e', 1)).toEqual(['seen-e has a case of what is not known'])
    expect(await more('elsewhere', 1)).toEqual(['1 cases of what nobody saw'])
    const twice = ending(({ cases }) => ({ cases: cases.map((one) => ({ ...one, sightings: 2 })) }))
    expect((await twice)[0]).toBe('seen-a was seen 2 times, by 1 to 1')
    expect(
      await withLines({ answered: 'a', at: 2_200, verdict: 'exact', caseId: 'case-c' }),
    ).toContain('a has two cases')
  })

  it('finds what was matched a second after it was retracted, and what was not when it was known', async () => {
    const late = (at: number): Line[] => [
      { seen: 'late', at, url: 'seen-late', picture: RETRACTED },
      { answered: 'late', at: at + 50, verdict: 'pending' },
    ]
    expect(await withLines(...late(11_000))).toEqual([])
    expect(await withLines(...late(11_051))).toEqual(['late was matched, after it was retracted'])
    const missed = (at: number): Line[] => [
      { seen: 'missed', at, url: 'seen-missed', picture: RETRACTED },
      { answered: 'missed', at: at + 50, verdict: 'none' },
    ]
    expect(await withLines(...missed(1_300))).toEqual([])
    expect(await withLines(...missed(1_400))).toEqual(['missed was not recognised'])
    const strange = await withLines({
      answered: 'e',
      at: 21_200,
      verdict: 'review',
      caseId: 'case-a',
    })
    expect(strange).toContain('e was matched, and is not known')
    const standing = await ending(({ cases }) => ({
      cases: cases.map((one) => ({ ...one, takenBack: null })),
    }))
    expect(standing).toEqual(['seen-b is retracted though its item was retracted'])
  })

  it('finds a case that two people have, and one that is said to be removed', async () => {
    expect(await without((line) => 'returns' in line)).toEqual(['case-a was given to two people'])
    const removed = (...lines: Line[]) =>
      found((history) => {
        const cases = history.ending.cases.map((one) =>
          one.id === 'case-a' ? { ...one, status: 'removed' as const } : one,
        )
        return { lines: [...history.lines, ...lines], ending: { ...history.ending, cases } }
      })
    expect(await removed()).toEqual(['seen-a is said to be removed, and is there'])
    expect(await removed({ removed: 'seen-a', at: 8_000 })).toEqual([])
  })

  it('finds a notice by another Message-ID, one that came twice and is said to have come once, and one that is lost', async () => {
    const mail = { at: 8_000, by: 'two', to: HOST, urls: ['seen-a'] }
    expect(await withLines({ ...mail, mail: '<c>' })).toEqual([
      `seen-a ${HOST} was told by 2 letters of 1 notices`,
    ])
    expect(await withLines({ ...mail, mail: '<a>' })).toEqual([
      '<a> came 2 times, and its notices do not say so',
    ])
    expect(await without((line) => 'mail' in line && line.mail === '<a>')).toEqual([
      'the notice notice-a is said to be sent, and nobody has it',
      'the notice notice-c is said to be sent, and nobody has it',
    ])
    const waiting = ending(({ notices }) => ({
      notices: notices.map((one) => ({
        ...one,
        state: one.id === 'notice-c' ? ('queued' as const) : one.state,
      })),
    }))
    expect(await waiting).toEqual(['the notice notice-c still waits'])
    const none = ending(({ notices }) => ({
      notices: notices.filter(({ id }) => id !== 'notice-c'),
    }))
    expect(await none).toContain('nobody was told of seen-c')
  })

  it('finds a dispatcher that sends on after its turn', async () => {
    const late = (at: number) => ({ mail: '<b>', at, by: 'one', to: HOST, urls: ['seen-b'] })
    expect(await withLines(late(6_350))).toEqual(['one 1: 2 letters after its turn'])
    expect(await withLines(late(5_150))).toEqual([])
  })

  it('finds alerts that are lost, out of order, or other ones', async () => {
    const told = (id: string, sequence: number): Line => ({
      told: id,
      at: 9_000,
      by: 'follower',
      sequence,
    })
    expect(await without((line) => 'told' in line && line.told === 'z')).toEqual([
      'follower was told of 2 alerts',
    ])
    expect(await without((line) => 'told' in line && line.told === 'y')).toEqual([
      'follower was not told of all alerts in order',
    ])
    expect(await withLines(told('w', 2))).toEqual(['follower was told of another 2'])
    const gap = ending(({ alerts }) => ({
      alerts: alerts.map((one) => ({ ...one, sequence: one.sequence + (one.id === 'z' ? 1 : 0) })),
    }))
    expect(await gap).toEqual(['the alerts are not numbered without a gap'])
  })

  it('finds a hole in the audit, a chain that is not whole, and what people did twice', async () => {
    const hole = await ending(({ audit }) => ({ audit: audit.filter((_, n) => n !== 1) }))
    expect(hole[0]).toBe('item.verify item-0 is in the audit 0 times')
    expect(hole[1]).toMatch(/^the audit: missing/)
    const changed = await ending(({ audit }) => ({
      audit: audit.map((entry, n) => (n === 2 ? { ...entry, salt: '' } : entry)),
    }))
    expect(changed[0]).toMatch(/^the audit: changed/)
    expect(await ending(() => ({ intact: false }))).toEqual([
      'the house does not find its audit whole',
    ])
    expect(await withLines({ did: 'verify', at: 1, picture: 9, itemId: 'item-9' })).toEqual([
      'item.verify item-9 is in the audit 0 times',
    ])
  })

  it('finds memory that grows, and lets a process warm up', async () => {
    const memory = (of: (minute: number) => number) =>
      withLines(
        ...Array.from(
          { length: 300 },
          (_, n): Line => ({ memory: of(n / 60), at: n * 1_000, by: 'two.1' }),
        ),
      )
    expect(await memory((minute) => 100 + 100 * Math.min(minute, 1))).toEqual([])
    expect(await memory((minute) => 100 + 60 * minute)).toEqual(['two.1 grew from 160 to 280 MiB'])
  })
})

describe('what servers say', () => {
  it('is an alarm where it is of damage or of an error of Hindra, once', () => {
    const alarms = [
      '{"level":40,"msg":"the record claim/01a2324ee88b is not the copy that was written last, and is left out"}',
      '{"level":50,"code":"STORE_CORRUPT","msg":"pending sightings failed"}',
      '{"level":50,"code":"INTERNAL","msg":"notices failed"}',
      '{"level":40,"msg":"3 records were taken out of the files"}',
    ]
    const others = [
      '{"level":50,"code":"STORE_UNAVAILABLE","msg":"notices failed"}',
      '{"level":40,"msg":"the store waits for PostgreSQL: connect ECONNREFUSED"}',
    ]
    const again = alarms.map((line) => line.replaceAll('01a2324ee88b', '01a2324ee99c'))
    expect(alarmsIn([...alarms, ...others])).toEqual(alarms)
    expect(alarmsIn([...alarms, ...again])).toHaveLength(alarms.length)
  })
})
