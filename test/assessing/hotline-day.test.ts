import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TipStatus } from '../../src/intake/index.ts'
import { type HotlineDay, type Kind, openHotlineDay } from './hotline-day.ts'
import { IS_LONG, usually } from '../long.ts'

/** A tenth of a day is enough to see that it goes. */
const TIPS = usually(60, 600)
/** Of 600 tips; each took three commands before many could be judged by one word. */
const COMMANDS_MAX = 700

/** What a tip is in the end, by what it is in truth. */
const ENDS: Readonly<Record<Kind, TipStatus>> = {
  known: 'known',
  mistake: 'dismissed',
  wave: 'assessed',
  sign: 'dismissed',
  illegal: 'assessed',
  again: 'assessed',
  harmless: 'dismissed',
  words: 'reported',
  undecided: 'new',
}

let day: HotlineDay
beforeAll(async () => {
  day = await openHotlineDay(TIPS)
}, 600_000)
afterAll(() => day.close())

it(`a day of ${TIPS} tips is worked down, each to its right end`, async () => {
  const { told, api, reader, commands } = day
  expect(told).toHaveLength(TIPS)
  await day.work()
  const calls = api.engine.as(reader)
  const found = new Map((await calls.tips.list({ limit: 1_000 })).map((tip) => [tip.id, tip]))
  const ended = told.map(({ id, kind }) => [kind, found.get(id)?.status])
  expect(ended).toEqual(told.map(({ kind }) => [kind, ENDS[kind]]))

  // No wrong accusation: a case stands at each URL that was judged illegal, and at no other.
  const accused = new Set(
    told.filter(({ kind }) => ['known', 'wave', 'illegal'].includes(kind)).map(({ url }) => url),
  )
  const cases = await calls.cases.list({ limit: 1_000 })
  expect(cases.map(({ rawUrl }) => rawUrl).toSorted()).toEqual([...accused].toSorted())
  const urlOf = new Map(cases.map(({ id, rawUrl }) => [id, rawUrl]))
  for (const { id, url, kind } of told) {
    const caseId = found.get(id)?.caseId
    expect([kind, urlOf.get(caseId ?? '')]).toEqual([kind, accused.has(url) ? url : undefined])
  }
  // What was put back waits for a colleague, and nothing else is held by anybody.
  expect(await calls.assignments.list({})).toEqual([])
  expect(await calls.notices.list({})).toEqual([])

  const share = commands.length / TIPS
  if (IS_LONG) process.stdout.write(`${TIPS} tips: ${commands.length} commands\n`)
  expect(share).toBeLessThanOrEqual(COMMANDS_MAX / 600)
}, 600_000)
