import type { ChangedTip, TipImport, TipImportReport, TipListRow } from './tip-import.ts'
import type { ForeignTips } from './tip-fields.ts'

/**
 * The rows of a list, the refused ones among them: those first that say that a child is in danger now, the
 * rest as they stand in it.
 */
export function rowsOf({ tips, refused }: ForeignTips): readonly TipListRow[] {
  const rows: TipListRow[] = [...tips, ...refused.map(({ line }) => ({ line }))]
  return rows.sort((a, b) => turnOf(a) - turnOf(b) || a.line - b.line)
}

function turnOf(row: TipListRow): number {
  return 'tip' in row && row.tip.inDangerNow === true ? 0 : 1
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
    accepted,
    added,
    updated,
    unchanged,
    known,
    unreferenced,
    takenBefore,
    changed,
    refused,
  }
}
