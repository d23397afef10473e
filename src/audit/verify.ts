import { CHAIN_START, commitmentOf, linkHash } from './commitment.ts'
import type { AuditProblem, AuditProblemKind, AuditReport } from './audit-report.ts'
import type { ChainedEntry, Checkpoint } from './entry.ts'

const PROBLEMS_SHOWN = 100

/** An entry as it was found, or the fact that it cannot be read. */
export type FoundEntry = ChainedEntry | { readonly cursor: string; readonly unreadable: true }

/**
 * Checks a chain from its beginning: every content against its commitment, every link against the one
 * before, the order of the cursors, the end against the head, and one entry against each checkpoint.
 * Goes on behind a problem, so that one change is told as one.
 */
export async function verifyChain(
  entries: AsyncIterable<FoundEntry>,
  head: Checkpoint | null,
  checkpoints: readonly Checkpoint[] = [],
): Promise<AuditReport> {
  const problems: AuditProblem[] = []
  let problemsTotal = 0
  let erased = 0
  let pending = 0
  let count = 0
  let hash = CHAIN_START
  let lastCursor = ''
  const open = new Map<number, Checkpoint[]>()
  for (const checkpoint of checkpoints) {
    open.set(checkpoint.count, [...(open.get(checkpoint.count) ?? []), checkpoint])
  }

  function report(kind: AuditProblemKind, cursor: string | null, message: string): void {
    problemsTotal += 1
    if (problems.length < PROBLEMS_SHOWN) problems.push({ kind, number: count, cursor, message })
  }

  for await (const found of entries) {
    const { cursor } = found
    if ('unreadable' in found) {
      // Its link cannot be read either: the next one shows whether it was in the chain.
      count += 1
      report('changed', cursor, 'the entry cannot be read: its bytes or its key were changed')
      hash = ''
      continue
    }
    const { content, salt, commitment, link } = found
    if (link === null) {
      if (head === null || count >= head.count) pending += 1
      else report('inserted', cursor, 'the entry has no link, and later ones have')
      continue
    }
    count += 1
    if (link.number > count) {
      const lost = link.number - count
      report('missing', cursor, `${lost} ${lost === 1 ? 'entry is' : 'entries are'} missing before`)
      count = link.number
      hash = ''
    } else if (link.number < count) {
      report('reordered', cursor, `the entry says that it is number ${link.number}`)
      count = link.number
      hash = ''
    }
    if (cursorOrder(lastCursor, cursor) >= 0) {
      report('reordered', cursor, 'the entry stands behind a later one')
    }
    lastCursor = cursor
    if (content === null || salt === null) erased += 1
    else if (commitmentOf(salt, content) !== commitment) {
      report('changed', cursor, 'the entry does not say what it said when it was written')
    }
    // Behind a gap there is nothing to link to; the next link is checked again.
    if (hash !== '' && linkHash(hash, count, cursor, commitment) !== link.hash) {
      report('changed', cursor, 'the entry is not the one that was linked here')
    }
    hash = link.hash
    for (const checkpoint of open.get(count) ?? []) {
      if (checkpoint.hash === hash) continue
      report('rewritten', cursor, `the chain is not that of the checkpoint of ${checkpoint.at}`)
    }
  }

  checkEnd()
  return { intact: problemsTotal === 0, entries: count, erased, pending, head, ...found() }

  function found() {
    return { problems, problemsTotal }
  }

  function checkEnd(): void {
    const end = head?.count ?? 0
    if (head === null && count > 0) {
      report('truncated', null, `the head of the chain is missing, and ${count} entries are linked`)
    } else if (count < end) {
      report('truncated', null, `the last ${end - count} of ${end} entries are missing`)
    } else if (count > end) {
      report('truncated', null, `the head of the chain says ${end} entries, there are ${count}`)
    } else if (head !== null && hash !== '' && head.hash !== hash) {
      report('changed', null, 'the head of the chain does not match its last entry')
    }
    for (const checkpoint of checkpoints) {
      if (checkpoint.count > count) {
        report(
          'truncated',
          null,
          `a checkpoint of ${checkpoint.at} has ${checkpoint.count} entries`,
        )
      }
    }
  }
}

/** As the cursors sort: by versionstamp, then by number. */
function cursorOrder(a: string, b: string): number {
  const [versionA = '', positionA = '0'] = a.split('-')
  const [versionB = '', positionB = '0'] = b.split('-')
  if (versionA !== versionB) return versionA < versionB ? -1 : 1
  return Number(positionA) - Number(positionB)
}
