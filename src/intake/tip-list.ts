import type { ChangedTip, ForeignTips, TipImport, TipImportReport, TipRow } from './types.ts'

/** The rows of a list as they stand in it, the refused ones among them. */
export function rowsOf({ tips, refused }: ForeignTips): readonly TipRow[] {
  const rows: TipRow[] = [...tips, ...refused.map(({ line }) => ({ line }))]
  return rows.sort((a, b) => a.line - b.line)
}

/** What became of a list, once all its rows are done. */
export function reportOf(
  done: TipImport,
  changed: readonly ChangedTip[],
  { refused }: ForeignTips,
): TipImportReport {
  const { added, updated, unchanged, known, unreferenced, takenBefore } = done
  const accepted = added + updated + unchanged
  return {
    ...{ accepted, added, updated, unchanged, known, unreferenced, takenBefore },
    ...{ changed, refused },
  }
}
