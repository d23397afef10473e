import type { Applied } from './applying.ts'
import type { FoundLine, ImportCounts, ImportView } from './import-view.ts'
import type { Refusal } from './delta.ts'

/** Refusals and findings that are kept with their lines. */
const LINES_KEPT = 100

export const NOTHING: ImportCounts = {
  added: 0,
  changed: 0,
  unchanged: 0,
  deleted: 0,
  refused: 0,
  held: 0,
}

/** What became of a line. */
export type Done =
  | Applied
  | {
      readonly outcome: 'refused'
      readonly refusal: Omit<Refusal, 'change'>
      readonly retracted?: never
      readonly named?: never
    }

export function countsOf(counts: ImportCounts): ImportCounts {
  const { added, changed, unchanged, deleted, refused, held } = counts
  return { added, changed, unchanged, deleted, refused, held }
}

/** Goes on from what an import has told so far. */
export function createReport(soFar: {
  readonly clear: ImportCounts & Pick<ImportView, 'findings'>
  readonly sealed: Pick<ImportView, 'refusals' | 'found'>
}) {
  const counts = { ...countsOf(soFar.clear) }
  const findings = { ...soFar.clear.findings }
  const refusals = [...soFar.sealed.refusals]
  const found: FoundLine[] = [...soFar.sealed.found]

  return {
    refusals,
    found,
    counts: () => ({ ...counts, findings }),
    add(line: number, done: Done): void {
      counts[done.outcome] += 1
      if (done.outcome === 'refused') {
        if (refusals.length < LINES_KEPT) refusals.push(done.refusal)
        return
      }
      if (done.isHeld === true) counts.held += 1
      const told = done.findings ?? []
      for (const code of new Set(told.map((finding) => finding.code))) {
        findings[code] = (findings[code] ?? 0) + 1
      }
      for (const { code, detail } of told.slice(0, LINES_KEPT - found.length)) {
        found.push({ line, code, detail })
      }
    },
  }
}
