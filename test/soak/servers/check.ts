import { verifyChain } from '../../../src/audit/index.ts'
import { isBeginningOf } from '../orders.ts'
import { byKey } from './by-key.ts'
import { wrongOfLetters } from './check-letters.ts'
import { wrongOfActs, wrongOfCases, wrongOfSightings } from './check-sightings.ts'
import type { Ending, Line } from './history.ts'

/** A process is warm after this, and is judged where it lived for three times as long. */
const WARM_MS = 60_000
/** What memory may grow by once it is warm. */
const GROWTH_MIB = 64
const GROWTH_FACTOR = 1.25

/** What is wrong with what happened, by what the house says of it in the end. */
export async function faultsOf(lines: readonly Line[], ending: Ending): Promise<readonly string[]> {
  return [
    ...wrongOfSightings(lines, ending),
    ...wrongOfCases(lines, ending),
    ...wrongOfActs(lines, ending),
    ...wrongOfLetters(lines, ending),
    ...wrongOfAlerts(lines, ending),
    ...(await wrongOfAudit(ending)),
    ...wrongOfMemory(lines),
  ]
}

/** No number is left out, and every follower was told of all, in one order; of one again only behind a break. */
function wrongOfAlerts(lines: readonly Line[], { alerts }: Ending): readonly string[] {
  const ids = alerts.map(({ id }) => id)
  const faults = alerts.every(({ sequence }, n) => sequence === n + 1)
    ? []
    : ['the alerts are not numbered without a gap']
  for (const [follower, all] of byKey(
    lines.filter((line) => 'told' in line),
    ({ by }) => by,
  )) {
    let newest = 0
    const told: string[] = []
    for (const { told: id, sequence } of all) {
      if (sequence <= newest) {
        if (id !== ids[sequence - 1]) faults.push(`${follower} was told of another ${sequence}`)
        continue
      }
      newest = sequence
      told.push(id)
    }
    if (!isBeginningOf(told.slice(0, ids.length), ids))
      faults.push(`${follower} was not told of all alerts in order`)
    else if (told.length < ids.length) faults.push(`${follower} was told of ${told.length} alerts`)
  }
  return faults
}

async function wrongOfAudit({ audit, head, intact }: Ending): Promise<readonly string[]> {
  const { problems } = await verifyChain(toStream(audit), head)
  return [
    ...problems.map(({ kind, message }) => `the audit: ${kind}: ${message}`),
    ...(intact ? [] : ['the house does not find its audit whole']),
  ]
}

async function* toStream<One>(all: readonly One[]): AsyncGenerator<One> {
  for (const one of all) yield await Promise.resolve(one)
}

/** The least that a process has in a while is what it keeps: the rest is garbage that is not collected yet. */
function wrongOfMemory(lines: readonly Line[]): readonly string[] {
  return [
    ...byKey(
      lines.filter((line) => 'memory' in line),
      ({ by }) => by,
    ),
  ].flatMap(([process, all]) => {
    const [first = 0, last = 0] = [all[0]?.at, all.at(-1)?.at]
    const span = last - first
    if (span < 3 * WARM_MS) return []
    const leastIn = (from: number, to: number) =>
      Math.min(...all.flatMap(({ at, memory }) => (at >= from && at <= to ? [memory] : [])))
    const [middle, end] = [first + WARM_MS + (span - WARM_MS) / 2, last]
    const [early, late] = [leastIn(first + WARM_MS, middle), leastIn(middle, end)]
    return late > early * GROWTH_FACTOR + GROWTH_MIB
      ? [`${process} grew from ${Math.round(early)} to ${Math.round(late)} MiB`]
      : []
  })
}
