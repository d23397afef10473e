import { parseTip } from '../../src/intake/index.ts'
import type { Engine } from '../../src/engine.ts'
import { ANALYST, urlOf } from '../find/hotline.ts'
import { proposeItems } from '../startup/register.ts'
import { type Load, loadOf } from './loads.ts'

/** People and programs that ask something of the house at the same time. */
const AT_ONCE = 16

/** A house does this all day, in this order: each step works on what the one before has left. */
export interface HouseDay {
  readonly 'tips taken': Load
  readonly 'tips assessed, a case each': Load
  readonly 'notices sent': Load
  readonly 'items proposed': Load
}

/**
 * So many tips, each at a URL of its own, are told and judged by a person, and the notices of their cases go to a relay that
 * takes all. Each act is a transaction of its own, as people and programs bring them, with the permission asked and the
 * audit written.
 *
 * @param round Which one it is: URLs and items are those of no other
 */
export async function houseDay(
  engine: Engine,
  { tips, round, seed }: { readonly tips: number; readonly round: number; readonly seed: number },
): Promise<HouseDay> {
  const { stages } = engine
  const as = engine.as(ANALYST)
  const urls = Array.from({ length: tips }, (_, place) =>
    urlOf(round * tips + place, Number.POSITIVE_INFINITY),
  )
  const told: { readonly id: string; readonly url: string }[] = []
  const taken = await loadOf(tips, () =>
    eachOf(urls, async (url) => {
      const { id } = await stages.tipDesk.take(ANALYST, parseTip({ url, source: 'public' }))
      told.push({ id, url })
    }),
  )
  const assessed = await loadOf(tips, () =>
    eachOf(told, ({ id, url }) =>
      as.assessments.assess({ url, tipId: id, classification: 'Baseline', reason: 'a bench' }),
    ),
  )
  let sent = 0
  const sending = await loadOf(tips, async () => {
    sent = (await stages.rounds.all('hindra')).noticesSent
  })
  if (sent !== tips) throw new Error(`${sent} notices went for ${tips} cases`)
  const proposed = await loadOf(tips, () =>
    proposeItems(stages.register, tips, seed + round, () => undefined),
  )
  return {
    'tips taken': taken,
    'tips assessed, a case each': assessed,
    'notices sent': sending,
    'items proposed': proposed,
  }
}

async function eachOf<T>(all: readonly T[], act: (one: T) => Promise<unknown>): Promise<void> {
  let next = 0
  const work = async () => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await act(one)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}
