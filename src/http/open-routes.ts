import type { Watch } from '../watch/index.ts'
import { remembered } from './remembered.ts'

/** A route that everybody may call, for the supervisor of the process. */
export interface OpenRoute {
  readonly path: string
  readonly says: string
  answer(): Promise<{ readonly status: 200 | 503; readonly body: object | string }>
}

const ALIVE = 'I-AM-ALIVE'
/** Asked by anybody as often as they like, so it is found out at most so often. */
const READINESS_MS = 1_000

/** Hits that wait for a look keep no lookup waiting. */
function isOfSightings(fault: string): boolean {
  return fault.startsWith('pending: OVERLOADED')
}

/** What the supervisor of the process asks: whether it is alive, and ready to take work. They tell nothing else. */
export function openRoutes(watch: Pick<Watch, 'health'>): readonly OpenRoute[] {
  const health = remembered(() => watch.health(), READINESS_MS)
  const faults = async () => (await health()).reasons
  return [
    {
      path: '/livez',
      says: 'Whether the process runs',
      answer: () => Promise.resolve({ status: 200, body: { alive: true } }),
    },
    // As HMA words them, for load balancers that ask it.
    {
      path: '/hma/status/live',
      says: 'As HMA: whether the process runs',
      answer: () => Promise.resolve({ status: 200, body: ALIVE }),
    },
    {
      path: '/hma/status',
      says: 'As HMA: whether it can look up',
      answer: async () =>
        (await faults()).every(isOfSightings)
          ? { status: 200, body: ALIVE }
          : { status: 503, body: 'INDEX-NOT-LOADED' },
    },
    {
      path: '/readyz',
      says: 'Whether it can take work; why not; how many records it leaves out as damaged',
      answer: async () => {
        const { reasons, damaged } = await health()
        return reasons.length === 0
          ? { status: 200, body: { ready: true, ...(damaged > 0 && { damaged }) } }
          : { status: 503, body: { ready: false, reasons } }
      },
    },
  ]
}
