import { HindraError } from '../../errors.ts'

/** Of PostgreSQL (appendix A of its manual): the connection, the operator, too many of them, a silent one. */
const CUT = /^(08...|57P0.|53300|25P0[234])$/
const LOCK_TIMEOUT = '55P03'
/** What the system says of a connection that is not there. */
const SYSTEM =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|ENOENT)$/
/** What the driver says, which has no codes of its own. */
const DRIVER =
  /^(Connection terminated|Client has encountered|Client was closed|Query read timeout|timeout exce)/

/** The driver says this where PostgreSQL asks for a password and it has none. */
const NO_PASSWORD = /client password must be a (non-empty )?string/

/** Whether the connection is gone, so that nobody knows what became of what was sent last. */
export function isCut(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  return CUT.test(code) || SYSTEM.test(code) || (code === '' && DRIVER.test(error.message))
}

/** Whether another one held a lock for too long, whatever code of Hindra this has. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && (codeOf(error) === LOCK_TIMEOUT || isLockTimeout(error.cause))
}

/** What PostgreSQL or the way to it says, in the codes of Hindra; anything else as it is. */
export function asPostgresError(error: unknown): unknown {
  if (error instanceof HindraError || !(error instanceof Error)) return error
  const code = codeOf(error)
  if (isCut(error)) return unavailable(error)
  if (!isPostgres(error)) return error
  if (code === '53100') {
    return new HindraError('DISK_FULL', 'the disk of PostgreSQL is full', { cause: error })
  }
  if (code.startsWith('XX')) {
    return new HindraError('STORE_CORRUPT', `PostgreSQL says ${code}: ${error.message}`, {
      cause: error,
    })
  }
  return unavailable(error)
}

/** What keeps a connection from being made: also what has no code, as a certificate or a password that is missing. */
export function notConnected(error: unknown): unknown {
  if (!(error instanceof Error) || isCut(error)) return error
  if (NO_PASSWORD.test(error.message)) {
    const message =
      'PostgreSQL asks for a password: passwordFile of store.url, PGPASSWORD or .pgpass'
    return new HindraError('STORE_UNAVAILABLE', message, { cause: error })
  }
  return isPostgres(error) ? error : unavailable(error)
}

/** Where the process was given up for gone. */
export function takenOver(): HindraError {
  return new HindraError('STORE_LOCKED', 'another process has taken the store over')
}

/** After a failover that lost commits, or where an older state was put back under a running process. */
export function wentBack(): HindraError {
  const message = 'PostgreSQL holds an older state than this process has seen: restart the process'
  return new HindraError('STORE_UNAVAILABLE', message)
}

function unavailable(error: Error): HindraError {
  const code = codeOf(error)
  const said = [code, error.message].filter((part) => part !== '').join(': ')
  return new HindraError('STORE_UNAVAILABLE', said, { cause: error })
}

/** SQLSTATE */
function isPostgres(error: Error): boolean {
  return /^[0-9A-Z]{5}$/.test(codeOf(error))
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}
