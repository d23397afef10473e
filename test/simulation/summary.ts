import { PLANTS } from './plants.ts'
import type { PlayResult } from './play.ts'

/** Rules that say: what is there was taken for gone. */
const WRONG = [PLANTS['hosts-lie'], PLANTS['looks-by-hash']]

/**
 * Of many seeds together. Hours are from opening to removal: as Hindra says, and as it was.
 *
 * @param whys Of the seeds that failed
 */
export function summaryOf(results: readonly PlayResult[], whys: readonly string[], days: number) {
  const sum = (of: (result: PlayResult) => number) =>
    results.reduce((all, result) => all + of(result), 0)
  const hours = results.flatMap((result) => result.hours)
  const said = hours.map((removal) => removal.said)
  const truly = hours.map((removal) => removal.truly)
  return {
    seeds: results.length + whys.length,
    failed: whys.length,
    days,
    cases: sum(({ cases }) => cases),
    notices: sum(({ notices }) => notices),
    told: sum(({ told }) => told),
    posts: sum(({ posts }) => posts),
    fileLines: sum(({ fileLines }) => fileLines),
    rungs: sum(({ rungs }) => rungs),
    alerts: sum(({ alerts }) => alerts),
    settled: sum(({ settled }) => settled),
    corrections: sum(({ corrections }) => corrections),
    confirmed: sum(({ confirmed }) => confirmed),
    bounced: sum(({ bounced }) => bounced),
    crashes: sum(({ crashes }) => crashes),
    takeovers: sum(({ takeovers }) => takeovers),
    clockJumps: sum(({ clockJumps }) => clockJumps),
    doubles: sum(({ doubles }) => doubles),
    altered: sum(({ altered }) => altered),
    alteredConfirmed: sum(({ alteredConfirmed }) => alteredConfirmed),
    asked: sum(({ asked }) => asked),
    askedShare: share(
      sum(({ asked }) => asked),
      sum(({ cases }) => cases),
    ),
    removed: sum(({ removed }) => removed),
    removedByWord: sum(({ removedByWord }) => removedByWord),
    removedByWordShare: share(
      sum(({ removedByWord }) => removedByWord),
      sum(({ removed }) => removed),
    ),
    // Each ends its seed, so that it is one of the failed.
    wrongRemoved: whys.filter((why) => WRONG.some((rule) => why.startsWith(rule))).length,
    reopened: sum(({ reopened }) => reopened),
    auditEntries: sum(({ auditEntries }) => auditEntries),
    hoursToRemovalP50: quantile(said, 0.5),
    hoursToRemovalP90: quantile(said, 0.9),
    trueHoursP50: quantile(truly, 0.5),
    trueHoursP90: quantile(truly, 0.9),
  }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((1_000 * part) / whole) / 1_000
}

function quantile(numbers: readonly number[], share: number): number | null {
  const sorted = [...numbers].sort((a, b) => a - b)
  const found = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return found === undefined ? null : Math.round(found * 10) / 10
}
