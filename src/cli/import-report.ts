import type { ImportView } from '../exchange/index.ts'
import type { TouchedItem } from '../curation/index.ts'
import { touchedItemsTable } from './complete-list.ts'
import { fields, printable } from './output.ts'
import type { Shell } from './shell.ts'

export function summary({ added, changed, unchanged, deleted, refused, held }: ImportView): string {
  return `${added} added, ${changed} changed, ${unchanged} unchanged, ${deleted} deleted, ${refused} refused, ${held} held`
}

/** How far the withdrawal of what a complete list does not name has come. */
export function withdrawing({ withdrawal, deleted }: ImportView): string {
  const { phase = 'counting', standing = 0, absent = 0 } = withdrawal ?? {}
  if (phase === 'counting') return `${standing} entries compared, ${absent} are not in the file`
  return `${absent} entries are not in the file; ${deleted} deleted so far`
}

/**
 * What an import did, and where it did not; ends with exit code 1 where lines were refused.
 *
 * @param touched Cases of the items that lost an entry by it.
 */
export function showImport(
  shell: Shell,
  done: ImportView,
  touched: readonly TouchedItem[] = [],
): void {
  const { findings, found, refusals, refused } = done
  const answer = { ...done, touched }
  shell.output().answer(answer, ({ id, list, dryRun, position, added, changed, ...rest }) => {
    const { unchanged, deleted, held, merkleRoot } = rest
    const counts = { lines: position, added, changed, unchanged, deleted, refused }
    const gates = { findings: countsText(findings), 'held as proposed': held }
    const absent = rest.complete ? { 'of these absent': absentText(done) } : {}
    const told = fields({
      import: id,
      list,
      'dry run': dryRun,
      ...(rest.state === 'failed' ? { failed: rest.fault } : {}),
      ...counts,
      ...absent,
      ...gates,
      'merkle root': merkleRoot,
    })
    return touched.length === 0 ? told : `${told}\n\n${touchedItemsTable(touched)}`
  })
  noteLines(
    shell,
    refusals.map(
      ({ line, key, field, message }) =>
        `line ${line}${key === undefined ? '' : ` (${key})`}: ${field}: ${message}`,
    ),
    refused,
  )
  noteLines(
    shell,
    found.map(({ line, code, detail }) => `line ${line}: ${code}: ${detail}`),
    Object.values(findings).reduce((sum, count) => sum + count, 0),
  )
  if (refused > 0) shell.exitWith(1)
}

function absentText({ withdrawal }: ImportView): string {
  if (withdrawal === null) return 'not looked for: lines were refused'
  return `${withdrawal.absent} of ${withdrawal.standing}`
}

function countsText(findings: ImportView['findings']): string {
  const counts = Object.entries(findings).map(([code, count]) => `${code} ${count}`)
  return counts.length === 0 ? 'none' : counts.join(', ')
}

/** @param all How many there are with those that the report does not name. */
function noteLines(shell: Shell, texts: readonly string[], all: number): void {
  for (const text of texts) shell.output().note(printable(text))
  if (all > texts.length) shell.output().note(`and ${all - texts.length} more`)
}
