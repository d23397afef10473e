import { HindraError } from '../../../errors.ts'

/** Of NATS's client, by name: its classes are there only where it is installed. */
const REFUSED =
  /^(AuthorizationError|UserAuthenticationExpiredError|PermissionViolationError|JetStreamNotEnabled)$/
/** What Node says of a certificate, and NATS of a server without TLS. */
const UNTRUSTED = /certificate|self-signed|'tls'/i
/** Faults of a program, not of what it talks to. */
const BROKEN = /^(TypeError|RangeError|InvalidArgumentError|InvalidOperationError)$/

/** What NATS or the way to it says, in the codes of Hindra; a fault of the program as it is. */
export function asNatsError(error: unknown): unknown {
  if (error instanceof HindraError || !(error instanceof Error)) return error
  const { name, message } = error
  if (BROKEN.test(name)) return error
  if (REFUSED.test(name) || UNTRUSTED.test(saidBy(error))) return said('NATS_REFUSED', error)
  const status = statusOf(error)
  if (status === 404) return said('NATS_MISSING', error)
  if (status >= 400 && status < 500 && status !== 408 && status !== 409) {
    return new HindraError('NATS_REFUSED', message, { cause: error })
  }
  return said('NATS_UNAVAILABLE', error)
}

function said(code: 'NATS_REFUSED' | 'NATS_MISSING' | 'NATS_UNAVAILABLE', error: Error) {
  return new HindraError(code, saidBy(error), { cause: error })
}

/** With the cause, which is where Node's own words are. */
function saidBy({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}

/** As HTTP has it: of an answer of JetStream's API `status`, of one to a pull `code`. */
function statusOf(error: Error): number {
  const { status, code } = error as { status?: unknown; code?: unknown }
  const told = [status, code].find((one) => typeof one === 'number')
  return typeof told === 'number' ? told : 0
}
