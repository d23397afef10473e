import type { StoreReport } from '../../keeping/index.ts'
import { ERRORS } from '../../errors.ts'
import { type CheckReport, fail, ok, warn } from './check.ts'

const MIB = 1024 * 1024
/** How many damaged records are named in the text; --json names more. */
const NAMED_MAX = 20

/** What `hindra doctor --store` found, for people. */
export function storeFindings(report: StoreReport): readonly CheckReport[] {
  return [...acceptedFindings(report), fileFinding(report), recordFinding(report)]
}

function acceptedFindings({ acceptedLosses }: StoreReport): readonly CheckReport[] {
  if (acceptedLosses.length === 0) return []
  const mend = 'compare with the last backup, and tell those whose work it was; the audit has it'
  return [warn('lost and accepted', acceptedLosses.join('; '), mend)]
}

function fileFinding({ files: read }: StoreReport): CheckReport {
  const name = 'files'
  if (read === null) return ok(name, 'of PostgreSQL, which looks after its own (pg_amcheck)')
  const { files, bytes, lost, damaged } = read
  const what = `${files} tables, ${(bytes / MIB).toFixed(1)} MiB, and the logs`
  if (lost.length > 0) return fail(name, lost.join('; '), ERRORS.COMMITS_LOST.remedy)
  if (damaged.length === 0) return ok(name, `${what}: every checksum is right`)
  return fail(name, `${what}: damaged: ${damaged.join('; ')}`, ERRORS.STORE_CORRUPT.remedy)
}

function recordFinding({ records, notOpened }: StoreReport): CheckReport {
  const name = 'records'
  if (records === null) {
    const why = notOpened ?? ''
    if (why.startsWith('STORE_LOCKED')) return warn(name, why, 'stop the server, to open them too')
    const isReplayed = why.startsWith('STORE_REPLAYED')
    return fail(name, why, ERRORS[isReplayed ? 'STORE_REPLAYED' : 'STORE_CORRUPT'].remedy)
  }
  const { records: all, sealed, damagedRecords, damaged, replayed } = records
  const read = `${all}, ${sealed} of them sealed`
  if (replayed.length > 0) {
    const named = replayed.slice(0, NAMED_MAX).join('; ')
    return fail(name, `${read}: ${named}`, ERRORS.STORE_REPLAYED.remedy)
  }
  if (damagedRecords === 0) return ok(name, `${read}: the data key opens them all`)
  const more = damagedRecords > NAMED_MAX ? ' ...' : ''
  const named = `${damaged.slice(0, NAMED_MAX).join(', ')}${more}`
  return fail(
    name,
    `${read}; ${damagedRecords} cannot be read: ${named}`,
    ERRORS.STORE_CORRUPT.remedy,
  )
}
