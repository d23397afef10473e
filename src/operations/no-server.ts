import { HindraError } from '../errors.ts'
import type { Serving } from './parts.ts'

/** What only a server can answer, in a process without one. */
export const NO_SERVER: Serving = {
  hits: () => undefined,
  admitScreened: () => Promise.resolve(),
  settings() {
    throw new HindraError('NOT_FOUND', 'no server runs in this process: it has no settings to show')
  },
  describe() {
    throw new HindraError('NOT_FOUND', 'no server runs in this process: there is no HTTP API')
  },
  metrics: () =>
    Promise.reject(new HindraError('NOT_FOUND', 'no server runs in this process: nothing counts')),
}
