import { type Config, storePlace } from '../../config.ts'
import { ERRORS, toHindraError } from '../../errors.ts'
import { type DatabaseFacts, databaseFacts, placeName } from '../../store/index.ts'
import { type CheckReport, fail, ok, warn } from './check.ts'

const name = 'database'
const MIB = 1024 * 1024
/** The one that the tests run on. */
const TESTED = 17
/** Longer than a backup of a house takes that is not very large. */
const HELD_SECONDS_MAX = 3_600
/** Some hours of a busy house. */
const HELD_TRANSACTIONS_MAX = 1_000_000

/** The PostgreSQL that holds the store; nothing where the store is in the data directory. */
export async function database(config: Config): Promise<CheckReport> {
  const place = storePlace(config)
  if (!('url' in place)) return ok(name, 'none is needed: the store is in the data directory')
  try {
    return judged(placeName(place), await databaseFacts(place.url))
  } catch (cause) {
    const { code, message } = toHindraError(cause)
    return fail(name, message, ERRORS[code].remedy)
  }
}

/** Tells the worst of what was found. */
export function judged(place: string, facts: DatabaseFacts): CheckReport {
  const { version, syncs, hasChecksums, encrypted, remote, bytes } = facts
  const what = `${place}, version ${version}, ${(bytes / MIB).toFixed(1)} MiB`
  if (!syncs) {
    const mend = 'set both to on and restart PostgreSQL: what was answered as done can be lost'
    return fail(name, `${what}: fsync or full_page_writes is off`, mend)
  }
  if (remote && !encrypted) {
    const mend = 'add sslmode=verify-full&sslrootcert=ca.pem to store.url'
    return fail(name, `${what}: the connection crosses the network in the clear`, mend)
  }
  if (facts.heldSeconds > HELD_SECONDS_MAX || facts.heldTransactions > HELD_TRANSACTIONS_MAX) {
    const held = `${(facts.heldSeconds / 3_600).toFixed(1)} h, ${facts.heldTransactions} transactions`
    const mend =
      'see backend_xmin in pg_stat_activity, pg_prepared_xacts and pg_replication_slots, and end what nobody needs'
    return warn(name, `${what}: something keeps PostgreSQL from cleaning up (${held})`, mend)
  }
  if (!hasChecksums) {
    const mend = 'pg_checksums --enable, while PostgreSQL is stopped'
    return warn(name, `${what}: no checksums of pages: a damaged disk is noticed late`, mend)
  }
  if (parseInt(version) !== TESTED) {
    const mend = `version ${TESTED} is the one that the tests of Hindra run on`
    return warn(name, `${what}: not tested`, mend)
  }
  return ok(name, what)
}
