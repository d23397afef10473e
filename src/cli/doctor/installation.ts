import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Named } from '../../access/index.ts'
import { dataKeySource, type LoadedConfig, storePlace } from '../../config.ts'
import { readDataKey } from '../../core/index.ts'
import { policyFiles } from '../../policy/index.ts'
import { createEngine } from '../../engine.ts'
import type { Health } from '../../watch/index.ts'
import { ERRORS, HindraError, toHindraError } from '../../errors.ts'
import { placeName } from '../../store/index.ts'
import { confirmedLaws, isConfirmed, readRoutes, unconfirmedLaws } from '../../route/index.ts'
import { checkWritten, createSmtpTransport, unwrittenOf } from '../../takedown/index.ts'
import { healthAt, isServed } from '../connect.ts'
import { evidenceText } from '../evidence-text.ts'
import { commandConfig, isInitialised } from '../installation.ts'
import { socketPath } from '../server-socket.ts'
import { type Check, type CheckReport, fail, ok, warn } from './check.ts'
import { database } from './database.ts'
import { lettersInConfidence } from './confidence.ts'
import { servers } from './servers.ts'

const MIB = 1024 * 1024
/** Time enough to buy a disk. */
const DAYS_WARN = 30

/** What `hindra init` made and what the settings name: settings, data key, store, mail relay. */
export function installationChecks(loaded: LoadedConfig, env: NodeJS.ProcessEnv): readonly Check[] {
  return [
    () => settings(loaded),
    () => dataDirectory(loaded),
    () => dataKey(loaded, env),
    ...clusterChecks(loaded),
    () => store(loaded),
    () => personalKey(env),
    () => witnesses(loaded),
    () => mailRelay(loaded),
    () => dutyDesk(loaded),
    () => lettersInConfidence(loaded),
    () => policy(loaded),
    () => laws(loaded),
  ]
}

/** What all servers of a house have in common: the database, and each other. */
export function clusterChecks({ config }: LoadedConfig): readonly Check[] {
  return [() => database(config), () => servers(config)]
}

function settings({ file }: LoadedConfig): CheckReport {
  return ok('settings', file ?? 'defaults, environment and flags only')
}

function dataDirectory({ config }: LoadedConfig): CheckReport {
  const name = 'data directory'
  const found = statSync(config.data, { throwIfNoEntry: false })
  if (found === undefined) {
    const mend = config.store.url === undefined ? 'hindra init' : 'hindra serve, which makes it'
    return fail(name, `${config.data} does not exist`, mend)
  }
  if ((found.mode & 0o077) === 0) return ok(name, `${config.data}, mode 0700`)
  return fail(name, 'others on this machine can look into it', `chmod 700 ${config.data}`)
}

function dataKey({ config }: LoadedConfig, env: NodeJS.ProcessEnv): CheckReport {
  const name = 'data key'
  const source = dataKeySource(config)
  try {
    readDataKey(source)
  } catch (cause) {
    const { code, message } = toHindraError(cause)
    return fail(name, message, ERRORS[code].remedy)
  }
  if (source.command !== undefined) return ok(name, 'from dataKey.command')
  if (source.file === undefined) return ok(name, 'from HINDRA_DATA_KEY_VALUE')
  if (othersCanRead(source.file, env)) {
    return fail(name, `others can read ${source.file}`, `chmod 600 ${source.file}`)
  }
  if (dirname(source.file) !== config.data) return ok(name, source.file)
  return warn(
    name,
    'lies in the data directory: a copy of the directory can be read',
    'move it to another disk or a vault (dataKey.file, dataKey.command)',
  )
}

async function store(loaded: LoadedConfig): Promise<CheckReport> {
  const { config } = loaded
  const name = 'store'
  const socket = socketPath(config)
  try {
    if (!(await isInitialised(config))) {
      return fail(name, `none at ${placeName(storePlace(config))}`, 'hindra init')
    }
    if (await isServed(socket)) {
      return healthOf(name, `a server runs: ${socket} answers`, await healthAt(socket))
    }
    const warnings: string[] = []
    const engine = await createEngine({
      config: commandConfig(config),
      dataKey: readDataKey(dataKeySource(config)),
      warn: (message) => warnings.push(message),
    })
    const health = await engine.stages.watch.health()
    await engine.shutdown()
    const found = healthOf(name, 'opens with the data key', health)
    if (warnings.length === 0) return found
    const detail = [found.detail, ...warnings].join('; ')
    return warn(name, detail, found.mend ?? 'the saved index is written anew')
  } catch (cause) {
    const { code, message } = toHindraError(cause)
    const report = code === 'STORE_LOCKED' ? warn : fail
    return report(name, message, ERRORS[code].remedy)
  }
}

/** What it holds, and what waits for a person. */
function healthOf(name: string, how: string, health: Health): CheckReport {
  const { items, hashes, index, model, cautions, evidence } = health
  const kind = `${index.kind} index, ${index.exact ? 'exact' : 'approximate'}`
  const found = [`${how}: ${items} items, ${hashes} hashes (${kind})`]
  if (model !== null) {
    const { id, described, lacking } = model
    found.push(`model ${id}: ${described} own items with its vector, ${lacking} without`)
  }
  if (health.disk !== null) found.push(growthText(health.disk))
  const { onePersonLists = [], quarantined = 0 } = cautions ?? {}
  if (onePersonLists.length > 0) found.push(`ONE PERSON verifies in ${onePersonLists.join(', ')}`)
  if (quarantined > 0) found.push(`${quarantined} items in quarantine`)
  if (evidence !== null) {
    const mend = evidence.picture > 0 ? '; hindra register --refresh FILES adds features' : ''
    found.push(`entries: ${evidenceText(evidence)}${mend}`)
  }
  const unvetted = health.unvettedLists ?? []
  if (unvetted.length > 0) {
    found.push(
      `hashes alone are a review, until two persons vet their list: ${unvetted.join(', ')}`,
    )
  }
  for (const { name: witness, at } of health.witnesses ?? []) {
    found.push(`witness ${witness}: ${at === null ? 'no checkpoint yet' : `checkpoint of ${at}`}`)
  }
  const { sessions = 0, enrolled = 0, withPasskeys = 0, invited = 0 } = health.signIn ?? {}
  if (enrolled + invited > 0) {
    found.push(
      `${enrolled} people sign in by a browser, ${sessions} sessions, ${invited} invitations, ${withPasskeys} with passkeys`,
    )
  }
  const granted = health.access?.grantedVerdicts ?? []
  if (granted.length > 0) found.push(`crawlers that are told verdicts: ${namesOf(granted)}`)
  const { waiting = 0, forbidden = 0 } = health.holds ?? {}
  if (waiting + forbidden > 0) {
    const never = forbidden > 0 ? `, ${forbidden} of them until somebody lifts that` : ''
    found.push(`cases whose host waits for the police: ${waiting + forbidden}${never}`)
  }
  const { count: errands = 0, oldestSince = null } = health.waiting ?? {}
  if (errands > 0) {
    found.push(
      `things that wait for a person: ${errands}, the oldest since ${oldestSince ?? ''} (hindra waiting)`,
    )
  }
  const waits = whatWaits(health)
  if (waits.length === 0) return ok(name, found.join('; '))
  const said = waits.flatMap(({ what }) => what ?? [])
  return warn(name, [...found, ...said].join('; '), waits.map(({ mend }) => mend).join('; '))
}

/** What needs a person, the most urgent first, and what to do about it. */
function whatWaits(health: Health) {
  const {
    callsWaiting,
    damaged,
    disk,
    undelivered,
    holds,
    policeMails,
    late,
    iccam,
    access,
    signIn,
  } = health
  const calls = callsWaiting ?? 0
  const asking = holds?.asking ?? 0
  const mails = policeMails ?? 0
  const unheard = undelivered ?? 0
  const days = disk?.daysLeft ?? Infinity
  const { formerVerdicts = [], ownerless = [] } = access ?? {}
  const fewCodes = signIn?.fewRecoveryCodes ?? []
  return [
    {
      count: calls,
      what: `A CHILD IS IN DANGER and nobody was called: ${calls} calls wait`,
      mend: 'hindra tips --queue; then mend the mail relay',
    },
    {
      count: damaged,
      what: `records that cannot be read and are left out: ${damaged}`,
      mend: 'stop the server, then hindra doctor --store',
    },
    {
      count: Number(days < DAYS_WARN),
      // How fast it grows is said of every disk.
      what: null,
      mend: 'enlarge the disk, or keep less (retention.*); what is not of Hindra can move away',
    },
    {
      count: asking,
      what: `holds that ask for a person: ${asking}`,
      mend: 'hindra notices holds',
    },
    {
      count: mails,
      what: `mails of the police of which nobody knows the case: ${mails}`,
      mend: 'hindra notices police-mails',
    },
    {
      count: unheard,
      what: `notices that reached nobody: ${unheard}`,
      mend: 'hindra notices list --undelivered',
    },
    {
      count: late?.objections ?? 0,
      what: `objections whose time to decide is over: ${late?.objections ?? 0}`,
      mend: 'hindra objections --overdue; hindra objections show ID says who may decide',
    },
    {
      count: late?.assessments ?? 0,
      what: `assessments that have waited over a day for another person: ${late?.assessments ?? 0}`,
      mend: 'hindra assess --second, by somebody who has not assessed them',
    },
    {
      count: late?.errands ?? 0,
      what: `things that wait for a person and are overdue: ${late?.errands ?? 0}`,
      mend: 'hindra waiting',
    },
    {
      count: iccam?.asking ?? 0,
      what: `what ICCAM refused, or nobody knows whether it arrived: ${iccam?.asking ?? 0}`,
      mend: 'hindra iccam waiting',
    },
    {
      count: Number((iccam?.failingSince ?? null) !== null),
      what: `the line to ICCAM does not go since ${iccam?.failingSince ?? ''}`,
      mend: 'hindra iccam status',
    },
    {
      count: formerVerdicts.length,
      what: `are told verdicts as before, and can feel for what is registered: ${namesOf(formerVerdicts)}`,
      mend: 'hindra people withhold-verdicts ID; who must have them gets the role crawler-verdict',
    },
    {
      count: ownerless.length,
      what: `machines that nobody answers for, two persons verify what they propose: ${namesOf(ownerless)}`,
      mend: 'hindra people own MACHINE PERSON',
    },
    {
      count: fewCodes.length,
      what: `people with two recovery codes or fewer: ${fewCodes.join(', ')}`,
      mend: 'they make new ones once they are signed in; else hindra people invite',
    },
  ].filter(({ count }) => count > 0)
}

function namesOf(named: readonly Named[]): string {
  return named.map(({ id, pseudonym }) => `${pseudonym} (${id})`).join(', ')
}

function growthText({ usedBytes, bytesADay, daysLeft }: NonNullable<Health['disk']>): string {
  const used = `${mib(usedBytes)} MiB on disk`
  if (bytesADay === null || daysLeft === null) return `${used}, growth not known yet or none`
  return `${used}, ${mib(bytesADay)} MiB more a day: the disk is full in ${daysLeft} days`
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1)
}

/** A credential of a unit shows rights of a group that are those of the unit's one user: an access control list. */
function othersCanRead(file: string, { CREDENTIALS_DIRECTORY: own }: NodeJS.ProcessEnv): boolean {
  return dirname(file) !== own && (statSync(file).mode & 0o077) !== 0
}

function personalKey(env: NodeJS.ProcessEnv): CheckReport {
  const name = 'personal key'
  const file = env['HINDRA_KEY_FILE']
  if (env['HINDRA_KEY'] !== undefined) return ok(name, 'from HINDRA_KEY')
  if (file === undefined || file === '') {
    return warn(name, 'none: only people and keys can be managed', ERRORS.UNAUTHENTICATED.remedy)
  }
  if (!existsSync(file)) return fail(name, 'HINDRA_KEY_FILE names no file', 'correct it')
  if (!othersCanRead(file, env)) return ok(name, 'from HINDRA_KEY_FILE')
  return fail(name, 'others can read the file HINDRA_KEY_FILE', `chmod 600 ${file}`)
}

function witnesses({ config }: LoadedConfig): CheckReport {
  const name = 'witness'
  const { checkpointFile, witnesses: places } = config.audit
  const count = places.length + (checkpointFile === undefined ? 0 : 1)
  if (count > 0) return ok(name, `${count} of the audit; how old the last checkpoint is: see store`)
  return warn(
    name,
    'none: nobody would notice an old copy of the whole data directory',
    'audit.witnesses: a file on another medium, a URL, or mailto: somebody who keeps the mails',
  )
}

async function mailRelay({ config }: LoadedConfig): Promise<CheckReport> {
  const name = 'mail relay'
  const { host, port } = config.mail
  const transport = createSmtpTransport(config.mail)
  try {
    await transport.verify()
    return ok(name, `${host}:${port} answers`)
  } catch (cause) {
    const why = cause instanceof HindraError ? cause.message : 'does not answer'
    return fail(
      name,
      `${host}:${port}: ${why}`,
      'set mail.host, mail.port, mail.user, mail.password',
    )
  } finally {
    transport.close()
  }
}

/** Where nobody is called, a child in danger waits for somebody to look at the queue. */
function dutyDesk({ config }: LoadedConfig): CheckReport {
  const name = 'duty desk'
  const { dutyAddress } = config.takedown
  if (dutyAddress !== undefined)
    return ok(name, `${dutyAddress} is called where a child is in danger`)
  return warn(
    name,
    'nobody is called where a child is in danger now: only an alert tells of it',
    'set takedown.dutyAddress to an address that somebody answers day and night',
  )
}

/** A rule that tells somebody of what no letter to him is written of would be found when a notice is due. */
function policy({ config }: LoadedConfig): CheckReport {
  const name = 'policy'
  const { addresses } = config.route
  try {
    const routes = readRoutes(policyFiles(policyDirectory(config)))
    checkWritten(routes, addresses)
    const byHand = unwrittenOf(routes, addresses)
    if (byHand.length === 0) return ok(name, `${routes.path}: every rule has its letters`)
    return warn(
      name,
      `${routes.path}: ${byHand.map(({ problem }) => problem).join('; ')}`,
      'as long as route.addresses has no address a person tells it by hand, in words of his own',
    )
  } catch (cause) {
    const { code, message } = toHindraError(cause)
    return fail(name, message, ERRORS[code].remedy)
  }
}

function policyDirectory({ policy: { directory }, data }: LoadedConfig['config']): string {
  return directory ?? join(data, 'policy')
}

/** A law that nobody has put his name to is left out of letters, which stay true without it. */
function laws({ config }: LoadedConfig): CheckReport {
  const name = 'laws'
  const directory = policyDirectory(config)
  try {
    const { jurisdictions, digitalServicesAct: act } = readRoutes(policyFiles(directory)).tables
    const open = jurisdictions.filter((one) => unconfirmedLaws(one).length > 0)
    const cited = jurisdictions.filter((one) => confirmedLaws(one).length > 0)
    const detail = [
      `cited for ${cited.map((one) => one.name).join(', ') || 'no country'}`,
      ...(isConfirmed(act) ? [`${act.en} is cited`] : []),
    ].join('; ')
    const unsigned = [
      ...(open.length === 0 ? [] : [`those of ${open.map((one) => one.name).join(', ')}`]),
      ...(isConfirmed(act) ? [] : [`what letters say of ${act.en} (EU.yaml)`]),
    ]
    if (unsigned.length === 0) return ok(name, detail)
    return warn(
      name,
      `${detail}; nobody has confirmed ${unsigned.join(', nor ')}: no letter cites them`,
      `a lawyer puts asOf and confirmedBy into a copy: ${join(directory, 'jurisdictions')}`,
    )
  } catch (cause) {
    const { code, message } = toHindraError(cause)
    return fail(name, message, ERRORS[code].remedy)
  }
}
