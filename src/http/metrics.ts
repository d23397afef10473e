import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { SECOND_MS } from '../core/index.ts'
import type { Engine } from '../engine.ts'
import type { Gauges, Observer } from '../watch/index.ts'
import type { ErrorCode } from '../errors.ts'
import type { OpenFeeds } from './open-feeds.ts'
import type { WrongKeyOutcome } from './wrong-keys.ts'

const HASH_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120]
const SEARCH_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

/**
 * What an operator watches. Labels are classes, codes, route patterns and the sources that an admin
 * named: never a URL, a hash or the id of an item.
 */
export interface Metrics {
  request(method: string, route: string, status: number): void
  error(code: ErrorCode): void
  wrongKey(outcome: WrongKeyOutcome): void
  /** The text format of Prometheus, with the gauges as they are now. */
  text(): Promise<string>
}

export function createMetrics(engine: Engine, feeds: Pick<OpenFeeds, 'count'>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Counter({
    name: 'hindra_http_requests_total',
    help: 'Requests that were answered, by method, pattern of the route and status',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const errors = new Counter({
    name: 'hindra_errors_total',
    help: 'Refused requests and feed lines, by error code',
    labelNames: ['code'],
    registers,
  })
  const wrongKeys = new Counter({
    name: 'hindra_wrong_keys_total',
    help: 'Requests with a key that is none, answered at once, slowed down or refused as too many',
    labelNames: ['outcome'],
    registers,
  })
  engine.observe(observer(registers))
  const collect = gauges(registers)

  return {
    request(method, route, status) {
      requests.inc({ method, route, status })
    },
    error(code) {
      errors.inc({ code })
    },
    wrongKey(outcome) {
      wrongKeys.inc({ outcome })
    },
    async text() {
      const now = await engine.stages.watch.gauges()
      collect({ ...now, openFeeds: feeds.count, dispatches: engine.dispatches() })
      return registry.metrics()
    },
  }
}

/** What happens while nobody asks. */
function observer(registers: Registry[]): Observer {
  const sightings = new Counter({
    name: 'hindra_sightings_total',
    help: 'Sightings, by verdict (or failed) and the source of the key that brought them',
    labelNames: ['verdict', 'source'],
    registers,
  })
  const screenings = new Counter({
    name: 'hindra_screenings_total',
    help: 'Files that were screened for a report, by verdict (or failed) and the source of the key',
    labelNames: ['verdict', 'source'],
    registers,
  })
  const nearProbes = new Counter({
    name: 'hindra_near_probes_total',
    help: 'Hashes that differ in a few bits from another one of the same key: many mean that somebody feels for one',
    registers,
  })
  const hashing = new Histogram({
    name: 'hindra_hash_seconds',
    help: 'From the bytes of a file to its hashes, waiting for a worker included',
    buckets: HASH_SECONDS,
    registers,
  })
  const search = new Histogram({
    name: 'hindra_search_seconds',
    help: 'One search of the known material, for all views of a picture or frames of a film',
    buckets: SEARCH_SECONDS,
    registers,
  })
  return {
    judged: (verdict, source) => {
      sightings.inc({ verdict, source: source ?? '' })
    },
    screened: (verdict, source) => {
      screenings.inc({ verdict, source: source ?? '' })
    },
    nearProbe: () => {
      nearProbes.inc()
    },
    hashed: (seconds) => {
      hashing.observe(seconds)
    },
    searched: (seconds) => {
      search.observe(seconds)
    },
  }
}

/** What is asked for at each scrape. */
interface Scraped extends Gauges {
  readonly openFeeds: number
  readonly dispatches: boolean
}

function gauges(registers: Registry[]): (now: Scraped) => void {
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name: `hindra_${name}`, help, labelNames, registers })
  const ready = gauge('ready', '1 where nothing keeps Hindra from work, as /readyz says, else 0')
  const fault = gauge(
    'fault',
    '1 for each part that keeps Hindra from work, with the code that /readyz says; none where it is ready',
    ['part', 'code'],
  )
  const dispatching = gauge(
    'dispatching',
    '1 where this server sends notices, calls the duty desk and looks again, as one of a house does at a time, else 0',
  )
  const backup = gauge(
    'last_backup_seconds',
    'When a backup was last begun, in seconds since 1970; 0 where none was',
  )
  const diskFree = gauge('disk_free_bytes', 'Free on the disk of the data directory')
  const queue = gauge('pool_queue', 'Files that wait for a worker thread')
  const working = gauge('pool_working', 'Files that are with a worker thread')
  const threads = gauge('pool_threads', 'Worker threads: saturated when as many files are working')
  const items = gauge('known_items', 'Items that can match')
  const hashes = gauge('known_hashes', 'PDQ hashes in the index')
  const notices = gauge('notices', 'Notices, by state', ['state'])
  const behind = gauge(
    'alerts_behind',
    'Alerts that the slowest named consumer has yet to acknowledge',
  )
  const letters = gauge('dead_letters', 'Alerts that a webhook did not take in all its tries')
  const undelivered = gauge(
    'undelivered_notices',
    'Notices and corrections that reached nobody and wait for a person',
  )
  const callsWaiting = gauge(
    'calls_waiting',
    'Calls to the duty desk that no relay has taken: a child is in danger and nobody knows',
  )
  const held = gauge(
    'held_cases',
    'Cases whose host waits for the police: until a time, or until a person lifts that it is forbidden',
    ['until'],
  )
  const holdsAsking = gauge(
    'holds_asking',
    'Cases whose hold asks for a person: a proposal to decide, or a reply that changed nothing',
  )
  const policeMails = gauge(
    'police_mails',
    'Mails of the police of which nobody knows the case, and that nobody has read',
  )
  const waiting = gauge('waiting', 'Things that wait for a person')
  const waitingSince = gauge(
    'waiting_since_seconds',
    'When the oldest of them began to wait, in seconds since 1970; 0 where none waits',
  )
  const pending = gauge(
    'pending_sightings',
    'Hits by hashes alone that wait until Hindra has looked',
  )
  const pendingMax = gauge('pending_sightings_max', 'How many may wait so; then 503')
  const quarantined = gauge('quarantined_items', 'Items whose matches came as a flood')
  const onePerson = gauge('one_person_lists', 'Lists in which one person may verify alone')
  const damaged = gauge(
    'damaged_records',
    'Records that cannot be read and are left out, and damaged places in files of the store',
  )
  const feeds = gauge('open_feeds', 'Feeds that are open')

  return (now) => {
    ready.set(now.faults.length === 0 ? 1 : 0)
    fault.reset()
    for (const { part, code } of now.faults) fault.set({ part, code }, 1)
    dispatching.set(now.dispatches ? 1 : 0)
    backup.set(secondsOf(now.backupAt))
    diskFree.set(now.diskFreeBytes ?? Number.NaN)
    queue.set(now.queued)
    working.set(now.hashing - now.queued)
    threads.set(now.threads)
    items.set(now.items)
    hashes.set(now.hashes)
    for (const [state, count] of Object.entries(now.notices)) notices.set({ state }, count)
    behind.set(now.alertsBehind ?? 0)
    letters.set(now.deadLetters)
    undelivered.set(now.undelivered)
    callsWaiting.set(now.callsWaiting)
    held.set({ until: 'time' }, now.holds.waiting)
    held.set({ until: 'lifted' }, now.holds.forbidden)
    holdsAsking.set(now.holds.asking)
    policeMails.set(now.policeMails)
    waiting.set(now.waiting.count)
    waitingSince.set(secondsOf(now.waiting.oldestSince))
    pending.set(now.pending)
    pendingMax.set(now.pendingMax)
    quarantined.set(now.quarantined)
    onePerson.set(now.onePersonLists.length)
    damaged.set(now.damaged)
    feeds.set(now.openFeeds)
  }
}

function secondsOf(time: string | null): number {
  return time === null ? 0 : Date.parse(time) / SECOND_MS
}
