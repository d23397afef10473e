import type { BackgroundListener } from '../core/index.ts'
import { DUTY_CALLS } from '../engine.ts'
import { toHindraError } from '../errors.ts'
import type { Log } from '../http/index.ts'

/** What the work in the background does goes into the log; what fails by its code, for a message may quote. */
export function toldBy(log: Pick<Log, 'info' | 'error'>): BackgroundListener {
  return {
    news(name, news) {
      log.info(news, name)
    },
    failed(name, cause) {
      const { code, message } = toHindraError(cause)
      // Of a call to the desk the message says which relay did not take it, and quotes nothing.
      log.error({ code }, name === DUTY_CALLS ? `${name} failed: ${message}` : `${name} failed`)
    },
  }
}
