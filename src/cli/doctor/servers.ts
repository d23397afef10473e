import { type Config, storePlace } from '../../config.ts'
import { systemClock } from '../../core/index.ts'
import { toldByLeases } from '../../engine.ts'
import { ERRORS, toHindraError } from '../../errors.ts'
import { storeUsers } from '../../store/index.ts'
import { type CheckReport, fail, ok, warn } from './check.ts'

/** Forms and sign-ins bear clocks that are this far apart (docs/many-servers.md), and lists are in disorder before that. */
const APART_MS_MAX = 2_000

/** The servers of the house that share its store. */
export async function servers(config: Config): Promise<CheckReport> {
  const name = 'servers'
  const place = storePlace(config)
  if (!('url' in place)) return ok(name, 'one has the store in the data directory')
  try {
    const { processes, leases, aheadMs } = await storeUsers(place.url, () => systemClock.now())
    const { dispatcher, shards, gap, settings } = toldByLeases(leases)
    const named = processes.map((one) => (one === dispatcher ? `${one}, which dispatches` : one))
    const what = named.length === 0 ? 'none is at work' : named.join('; ')
    if (Math.abs(aheadMs) > APART_MS_MAX) {
      const apart = `the clock of PostgreSQL is ${Math.round(aheadMs)} ms ahead of this machine's`
      return warn(name, `${what}; ${apart}`, 'set the clocks of all machines by NTP')
    }
    if (named.length > 0 && dispatcher === undefined) {
      const mend =
        'start one with the role dispatcher: till then nothing is sent or looked at again'
      return warn(name, `${what}; nobody dispatches`, mend)
    }
    const held = shards.map((one) => `${one.shard} at ${one.address} (${one.holder})`).sort()
    const divided =
      held.length === 0 ? what : `${what}; of the known material they hold ${held.join(', ')}`
    if (gap !== undefined) {
      const share = [gap.from, gap.to].map((place) => `${Math.round(place * 1_000) / 10}%`)
      const mend = 'start a server that holds it (matcher.shard): till then nothing is recognised'
      return fail(name, `${divided}; nobody holds ${share.join(' to ')}`, mend)
    }
    const [first, ...others] = settings
    if (others.length === 0) return ok(name, divided)
    const differ = `${others.join(', ')} with other settings or policy files than ${first}`
    const mend = 'bring the same ones to all machines, then restart one after the other'
    return warn(name, `${divided}; ${differ}`, mend)
  } catch (cause) {
    const { code, message } = toHindraError(cause)
    return fail(name, message, ERRORS[code].remedy)
  }
}
