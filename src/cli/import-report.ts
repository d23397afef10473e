import type { ImportView } from '../exchange/index.ts'
import { fields, printable } from './output.ts'
import type { Shell } from './shell.ts'

export function summary({ added, changed, unchanged, deleted, refused, held }: ImportView): string {
  return `${added} added, ${changed} changed, ${unchanged} unchanged, ${deleted} deleted, ${refused} refused, ${held} held`
}

/** What an import did, and where it did not; ends with exit code 1 where lines were refused. */
export function showImport(shell: Shell, done: ImportView): void {
  const { findings, found, refusals, refused } = done
  shell.output().answer(done, ({ id, list, dryRun, position, added, changed, ...rest }) => {
    const { unchanged, deleted, held, merkleRoot } = rest
    const counts = { lines: position, added, changed, unchanged, deleted, refused }
    const gates = { findings: countsText(findings), 'held as proposed': held }
    return fields({
      ...{ import: id, list, 'dry run': dryRun, ...counts, ...gates, 'merkle root': merkleRoot },
    })
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

function countsText(findings: ImportView['findings']): string {
  const counts = Object.entries(findings).map(([code, count]) => `${code} ${count}`)
  return counts.length === 0 ? 'none' : counts.join(', ')
}

/** @param all How many there are with those that the report does not name. */
function noteLines(shell: Shell, texts: readonly string[], all: number): void {
  for (const text of texts) shell.output().note(printable(text))
  if (all > texts.length) shell.output().note(`and ${all - texts.length} more`)
}
