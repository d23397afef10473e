import type { Library } from './library.ts'
import type { Outcome, Seen } from './story.ts'

/** Prints what came out; true when everything did. */
export function printSummary(
  outcome: Outcome,
  library: Library,
  say: (text: string) => void,
): boolean {
  const { seen, stats, checks } = outcome
  say('\nSummary')
  say('  copies by alteration            put up  exact  confirmed  review  missed')
  const copies = seen.filter(({ hosted }) => hosted.copy !== undefined)
  const alterations = new Set(library.copies.map(({ alteration }) => alteration))
  for (const alteration of alterations) {
    say(
      row(
        alteration,
        copies.filter(({ hosted }) => hosted.copy?.alteration === alteration),
      ),
    )
  }
  say(row('all copies', copies))
  const unrelated = seen.filter(({ hosted }) => hosted.copy === undefined)
  const wrongly = unrelated.filter(({ verdict }) => verdict === 'exact' || verdict === 'confirmed')
  const looked = unrelated.filter(({ verdict }) => verdict === 'review')
  say(
    `  unrelated: ${unrelated.length} put up, ${wrongly.length} wrongly accused, ` +
      `${looked.length} shown to a person in vain`,
  )
  say(
    `  notices: ${stats.noticesSent} sent, ${stats.remindersSent} reminders, in ${outcome.mails} mails; ` +
      `${outcome.alerts} alerts`,
  )
  say(
    `  time to removal: median ${hours(stats.hoursToRemovalMedian)}, ` +
      `90% within ${hours(stats.hoursToRemovalP90)} (on the moved clock)`,
  )
  say(
    `  quarter ${stats.quarter}: ${stats.sightings} sightings (${stats.pictures} pictures, ` +
      `${stats.films} films), ${stats.casesOpened} cases, ${stats.removed} removed, ` +
      `${stats.reopened} re-opened`,
  )
  const failed = checks.filter(({ ok }) => !ok)
  say(
    failed.length === 0
      ? `\nThe story came out: ${checks.length} of ${checks.length} checks.`
      : `\nTHE STORY DID NOT COME OUT: ${failed.map(({ text }) => text.trim()).join('; ')}`,
  )
  return failed.length === 0
}

function row(name: string, seen: readonly Seen[]): string {
  const count = (verdict: string) =>
    seen.filter((one) => (one.verdict ?? 'none') === verdict).length
  const cells = [seen.length, count('exact'), count('confirmed'), count('review'), count('none')]
  const widths = [8, 7, 11, 8, 8]
  return `  ${name.padEnd(30)}${cells.map((cell, i) => String(cell).padStart(widths[i] ?? 8)).join('')}`
}

function hours(value: number | null): string {
  return value === null ? 'unknown' : `${value.toFixed(1)} h`
}

/** How often each value occurs, in words. */
export function tally(values: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].map(([value, count]) => `${count} ${value}`).join(', ')
}
