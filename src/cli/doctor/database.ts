import { type Config, storePlace } from '../../config.ts'
import { ERRORS, toHindraError } from '../../errors.ts'
import { databaseFacts, placeName } from '../../store/index.ts'
import { type CheckReport, fail, ok, warn } from './check.ts'

const MIB = 1024 * 1024
/** The one that the tests run on. */
const TESTED = 17

/** The PostgreSQL that holds the store; nothing where the store is in the data directory. */
export async function database(config: Config): Promise<CheckReport> {
  const name = 'database'
  const place = storePlace(config)
  if (!('url' in place)) return ok(name, 'none is needed: the store is in the data directory')
  try {
    return await examined(name, place)
  } catch (cause) {
    const { code, message } = toHindraError(cause)
    return fail(name, message, ERRORS[code].remedy)
  }
}

async function examined(name: string, place: { readonly url: string }): Promise<CheckReport> {
  const { version, syncs, hasChecksums, encrypted, remote, bytes } = await databaseFacts(place.url)
  const what = `${placeName(place)}, version ${version}, ${(bytes / MIB).toFixed(1)} MiB`
  if (!syncs) {
    const mend = 'set both to on and restart PostgreSQL: what was answered as done can be lost'
    return fail(name, `${what}: fsync or full_page_writes is off`, mend)
  }
  if (remote && !encrypted) {
    const mend = 'add sslmode=verify-full&sslrootcert=ca.pem to store.url'
    return fail(name, `${what}: the connection crosses the network in the clear`, mend)
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
