import { createAccess, HINDRA_ITSELF, type Principal } from './access/index.ts'
import { createAlerts } from './alerts/index.ts'
import { createDanger, createDesks, createHoldBack } from './assessing/index.ts'
import { createAssignments } from './assignments/index.ts'
import { createAudit, createReadings } from './audit/index.ts'
import { createBatches } from './batches/index.ts'
import { createCases } from './cases/index.ts'
import { openConfidence } from './confidence/index.ts'
import { type Config, dataKeySource } from './config.ts'
import {
  type BackgroundListener,
  closeAll,
  createIds,
  readDataKey,
  singleFlight,
  systemClock,
  systemRandom,
} from './core/index.ts'
import { assessedBeside, createCurating, stillKnown } from './curation/index.ts'
import { createBackgroundWork } from './engine-background.ts'
import { createDueRound } from './engine-due.ts'
import type { EngineOptions } from './engine-options.ts'
import { readPolicy } from './engine-policy.ts'
import { createIccam, iccamHearing, openIccamWay } from './iccam/index.ts'
import {
  createFetcher,
  createPageReader,
  createTipImports,
  createTips,
  systemResolver,
} from './intake/index.ts'
import { createDossiers } from './dossiers/index.ts'
import { openFind } from './find/index.ts'
import { createKeeping } from './keeping/index.ts'
import { openKnowledge } from './known/index.ts'
import { createLooks } from './looks/index.ts'
import { createMailReader, openMailboxes } from './mails/index.ts'
import { createLook, createNearHarmless } from './match/index.ts'
import { callsFor, type LocalCalls, NO_SERVER, type Stages } from './operations/index.ts'
import { createPool, openModel } from './pool/index.ts'
import { createAsk, createDestinations, createPost } from './post/index.ts'
import { createRecheck, placesOf } from './recheck/index.ts'
import { createRegister } from './register/index.ts'
import { createReports } from './reports/index.ts'
import { createRouter } from './route/index.ts'
import { createSessions } from './sessions/index.ts'
import { createFiling, createSeeing } from './sightings/index.ts'
import { createSisters } from './sisters/index.ts'
import { createStats } from './stats/index.ts'
import { type Context, openDataKeys, openStore, proveFormat, type Store } from './store/index.ts'
import {
  createExplainRoute,
  createRounds,
  createSmtpTransport,
  createTakedown,
} from './takedown/index.ts'
import { createTipline } from './tipline/index.ts'
import { createDenials, createOverrides, openTrace } from './trace/index.ts'
import { createObservers, createWatch, type DueReport, type Observer } from './watch/index.ts'

export { BACKGROUND_LEASE, DUTY_CALLS, toldByLeases } from './engine-background.ts'

/**
 * The whole system in this process.
 *
 * @example
 * const engine = await createEngine({ config, dataKey })
 * engine.start()
 * const analyst = await engine.authenticate(secret)
 * await engine.as(analyst).cases.list({ status: 'open' })
 * await engine.shutdown()
 */
export interface Engine {
  readonly config: Config
  readonly stages: Stages
  /** Throws UNAUTHENTICATED. */
  authenticate(secret: string): Promise<Principal>
  /** Every operation for one principal: each is refused (FORBIDDEN) unless a role allows it, and audited. */
  as(by: Principal): LocalCalls
  /** Begins the background work of the process's roles, until `shutdown`. */
  start(told?: BackgroundListener): void
  /** Aborted once another process of the house has taken over what this one dispatches: it is to be shut down. */
  readonly lost: AbortSignal
  /** Whether this process does what one of the house does at a time. */
  dispatches(): boolean
  /** All that is due now, once; a second caller gets the round that is under way. */
  runDue(): Promise<DueReport>
  /** Tells it from now on what happens. */
  observe(observer: Observer): void
  /** Closes all it holds, also where one part cannot be closed in order; then throws why. */
  shutdown(): Promise<void>
}

/**
 * Opens the store and wires the stages. Throws STORE_LOCKED, STORE_FORMAT, STORE_MIGRATE, STORE_CORRUPT,
 * STORE_FAILED, DISK_FULL and the like, KEY_WRONG, INVALID_CONFIG, MODEL_INVALID, MODEL_RUNTIME_MISSING. The
 * caller owns the engine and calls `start` for what goes on in the background, and `shutdown`.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const opened = options.store === undefined ? [] : [options.store]
  return wire(options, opened).catch(async (error: unknown) => {
    await closeAll(opened.map((store) => () => store.close()))
    throw error
  })
}

/** @param opened Is given the store, which is to be closed where the rest fails: a connection would keep the process going */
async function wire(options: EngineOptions, opened: Store[]): Promise<Engine> {
  const { config, dataKey, clock = systemClock, random = systemRandom } = options
  const warn = options.warn ?? (() => undefined)
  const resolver = options.resolver ?? systemResolver()
  const texts = resolver.texts?.bind(resolver)
  const transport = options.transport ?? createSmtpTransport(config.mail)

  // What can be wrong in the settings is found before anything is opened.
  const { files, ...policy } = readPolicy(config)
  const fetcher = options.fetcher ?? createFetcher({ settings: config.fetch, resolver })
  const iccamWay = openIccamWay(config, files, { resolver, clock })
  const confidence = await openConfidence(config.takedown, { clock, warn })
  const places = placesOf(config)
  const { trace, ...lookups } = openTrace(config, {
    clock,
    resolver,
    files,
    overrideOf: (host) => overrides.find(host),
    isDenied: (host) => denials.has(host),
    fetcher: options.fetcher,
  })
  const model = await openModel(config)
  const store = options.store ?? (await openStore(config, warn))
  opened.push(store)
  const present = () => readDataKey(dataKeySource(config))
  await proveFormat({ store })
  const keys = await openDataKeys(store, dataKey, random, { present })
  const newId = createIds(clock, random)
  const context: Context = { store, sealer: keys.sealer, clock, random, newId }
  const audit = createAudit(context, options.tallyMs)
  const readings = createReadings(store, audit)
  const access = createAccess(context, audit, systemClock)
  const sessions = createSessions(context, audit, access, config, systemClock)
  const assignments = createAssignments(context, audit, access, config.assignments)
  const tips = createTips(context, audit, assignments, policy.queueHours)
  const tipImports = createTipImports(context, audit)
  const observers = createObservers()
  const pool = observers.hashes(
    options.pool ??
      createPool({
        settings: config.pool,
        limits: config.decode,
        model: model?.source,
        sought: () => known.soughtDigests,
      }),
  )
  const register = createRegister(context, audit, policy.vocabulary, config.register, access.behind)
  const knowledge = await openKnowledge(context, audit, register, {
    config,
    model: model?.facts,
    neighbours: options.neighbours,
    warn,
  })
  const { known, corpus, neighbours } = knowledge
  const readers = options.readers ?? { pages: createPageReader(), mails: createMailReader() }
  const look = createLook({
    store,
    fetcher,
    pool,
    register,
    policy: config.match,
    readPage: readers.pages.media,
    pages: config.fetch,
    features: config.features,
    model: config.model,
    known: observers.searches(known),
    inFull: config.sightings.unmatchedMax > 0,
  })
  const destinations = createDestinations(config.webhooks, resolver)
  const calling = { ...config.webhooks, userAgent: config.fetch.userAgent }
  const post = options.post ?? createPost(destinations, calling)
  const ask = createAsk(destinations, calling)
  const areOldLeft = () => old.areCasesLeft()
  const cases = createCases(context, audit, { ...config, ...config.urls, assignments, areOldLeft })
  const overrides = createOverrides(context, audit)
  const denials = createDenials(context)
  const router = createRouter(context, audit, {
    settings: config.route,
    routes: policy.routes,
    municipalities: policy.municipalities,
    behind: access.behind,
  })
  const danger = createDanger(context, audit, { config, cases, router, transport })
  const assessment = assessedBeside(register, access, cases)
  const told = { confidence, stillKnown: stillKnown(register) }
  const takedown = createTakedown(context, audit, cases, trace, {
    settings: config.takedown,
    house: config.house,
    objections: policy.objections,
    mail: { ...config.mail, userAgent: config.fetch.userAgent },
    mailboxes: options.mailboxes ?? openMailboxes(context, config, 'inbox'),
    mailReader: readers.mails,
    duty: danger.duty,
    behind: access.behind,
    assessment,
    exports: config.hotlineExports,
    iccamLine: iccamWay.line !== undefined,
    transport,
    ...told,
    posts: { post, cloudflare: config.cloudflare, aws: { settings: config.aws, ask, denials } },
    router,
    texts,
    lookFirst: async (by, caseId) => (await recheck.runCase(by, caseId)).outcome,
  })
  const recheck = createRecheck(context, audit, cases, register, {
    settings: config.recheck,
    fetcher,
    places,
    look,
    fingerprint: (bytes) => pool.fingerprint(bytes, { features: config.features.store === true }),
    nearHarmless: createNearHarmless({ store, register, known, radius: config.match.reviewRadius }),
    policy: config.match,
  })
  const { curation, exchanging, refreshing, watchFloods } = createCurating(context, audit, {
    ...knowledge,
    register,
    pool,
    cases,
    access,
    questions: policy.questions,
    tips,
    takedown,
    resolver,
    config,
    model: model?.facts.id,
    warn,
  })
  const holdBack = createHoldBack({ cases, watchFloods, warn })
  const stats = createStats(
    context,
    { tips, cases, notices: takedown, cautions: (tx) => register.cautions(tx) },
    config.takedown,
  )
  const file = createFiling({ cases, register, recheck })
  const seeing = createSeeing(context, {
    audit,
    readings,
    fetcher,
    pool,
    look,
    file,
    register,
    known,
    stats,
    observers,
    access,
    warn,
    settings: { ...config.sightings, ...policy.sources },
    refreshSeen: refreshing.refreshSeen,
  })
  const alerts = createAlerts(context, audit, {
    feed: cases.alertFeed,
    settings: config,
    destinations,
    post,
    count: (tx, result) => {
      stats.count(tx, `webhook.${result}`, 1)
    },
  })

  // What operations ask, and what the stages below take their parts from.
  const wired = {
    config,
    store,
    audit,
    readings,
    access,
    sessions,
    assignments,
    batches: createBatches(context, audit),
    tips,
    tipImports,
    fetcher,
    pageReader: readers.pages,
    pool,
    register,
    corpus,
    curation,
    refreshing,
    exchanging,
    cases,
    trace,
    overrides,
    router,
    ...policy,
    takedown,
    recheck,
    alerts,
    stats,
    seeing,
  }
  const { old, ...finding } = await openFind(context, { ...wired, rules: config.urls.rules })
  const desks = createDesks({ ...wired, ...iccamHearing(context), clock, look, file, danger, old })
  const tipline = createTipline(context, audit, { ...wired, ...desks, ...knowledge })
  const sisters = createSisters(context, audit, {
    ...wired,
    ...desks,
    texts,
    mailReader: readers.mails,
    mailboxes: openMailboxes(context, config, 'sisters'),
  })
  const iccam = createIccam(context, audit, { ...wired, ...desks, ...iccamWay, assessment })
  const looks = createLooks(context, audit, { ...wired, ...desks })
  const dossiers = createDossiers(context, audit, { ...wired, ...told })
  const keeping = createKeeping(context, {
    ...wired,
    keys,
    dataKey,
    warn,
    destinations,
    post,
    transport,
    stages: { ...wired, ...seeing, ...exchanging, iccam, dossiers, tipline, looks },
    saveIndex: () => known.save(),
  })
  const facts = { known, model: model?.facts, danger, iccam, observers, claims: seeing.claims }
  const stages: Stages = {
    ...wired,
    ...seeing,
    ...finding,
    reports: createReports(context, audit, wired),
    keeping,
    ...desks,
    sisters,
    tipline,
    iccam,
    dossiers,
    looks,
    explainRoute: createExplainRoute(trace, router, policy.municipalities),
    rounds: createRounds(takedown, holdBack),
    watch: createWatch({ ...context, ...wired, ...facts, ...keeping }, config),
  }

  const runDue = singleFlight(createDueRound({ ...stages, ...wired, danger, tipline, keeping }))
  const parts = { ...stages, ...wired, iccam, keeping, danger, exchanging, old, runDue }
  const background = createBackgroundWork({ ...context, ...parts }, HINDRA_ITSELF.id)

  try {
    await keeping.assertNewest()
    await background.resume()
  } catch (error) {
    await shutdown()
    throw error
  }

  return {
    config,
    stages,
    authenticate: (key) => access.authenticate(key),
    as: (by) => callsFor({ ...stages, ...NO_SERVER }, by),
    start: (told) => {
      background.start(told)
    },
    lost: background.lost,
    dispatches: background.dispatches,
    runDue,
    observe: observers.add,
    shutdown,
  }

  function shutdown(): Promise<void> {
    return closeAll([
      () => old.close(),
      () => seeing.judging.close(),
      () => seeing.retroactive.close(),
      () => exchanging.sources.close(),
      () => iccam.close(),
      takedown.close,
      recheck.close,
      () => background.stop(),
      () => runDue.settled(),
      () => keeping.close(),
      () => danger.close(),
      () => alerts.close(),
      () => pool.close(),
      () => readers.pages.close(),
      () => readers.mails.close(),
      () => known.close(),
      () => corpus.close(),
      () => neighbours.close(),
      () => fetcher.close(),
      () => lookups.fetcher.close(),
      () => {
        transport.close()
      },
      () => audit.close(),
      () => store.close(),
    ])
  }
}
