import type { Random } from '../core/index.ts'
import { BUSY, createPatience, type PatienceOptions } from './patience.ts'
import type { Transport } from './transport.ts'

/**
 * The same transport, which sends a request again while the server asks for time (429, 503): then
 * nothing of it was done. Feeds are left to `submitLines`, which knows what was answered.
 */
export function patientTransport(
  transport: Transport,
  options: Omit<PatienceOptions, 'waitsFor'>,
  random: Random,
): Transport {
  async function patiently<Result>(send: () => Promise<Result>): Promise<Result> {
    const patience = createPatience({ ...options, waitsFor: BUSY }, random)
    for (;;) {
      try {
        return await send()
      } catch (error) {
        await patience.afterFailure(error)
      }
    }
  }

  return {
    ...transport,
    get: (...sent) => patiently(() => transport.get(...sent)),
    list: (...sent) => patiently(() => transport.list(...sent)),
    post: (...sent) => patiently(() => transport.post(...sent)),
    postForm: (...sent) => patiently(() => transport.postForm(...sent)),
  }
}
