import { join } from 'node:path'
import { createAccess, type Principal } from './access/index.ts'
import { createAlerts } from './alerts/index.ts'
import {
  createAssessing,
  createDanger,
  createDecisions,
  createHoldBack,
  createPages,
  createRejudging,
  createTipDesk,
} from './assessing/index.ts'
import { createAudit, createReadings } from './audit/index.ts'
import { createCases, type Subject } from './cases/index.ts'
import type { Config } from './config.ts'
import {
  type Background,
  closeAll,
  createBackground,
  createIds,
  policyFiles,
  readMunicipalities,
  singleFlight,
  systemClock,
  systemRandom,
  type BackgroundListener,
} from './core/index.ts'
import {
  assessedBeside,
  createCuration,
  createExchanging,
  createFloodWatch,
  createRefreshingItems,
} from './curation/index.ts'
import type { EngineOptions } from './engine-options.ts'
import { indexSource } from './index/index.ts'
import {
  createFetcher,
  createPageReader,
  createTipImports,
  createTips,
  systemResolver,
} from './intake/index.ts'
import { createKeeping } from './keeping/index.ts'
import { createLook, createNearHarmless } from './match/index.ts'
import { callsFor, type LocalCalls, NO_SERVER, type Stages } from './operations/index.ts'
import { createPool, openModel } from './pool/index.ts'
import { createDestinations, createPost } from './post/index.ts'
import { createRecheck, placesOf } from './recheck/index.ts'
import { createGates, openCorpus, openKnownSet, openNeighbourhood } from './known/index.ts'
import { createRegister, readVocabulary } from './register/index.ts'
import { createRouter, readRoutes } from './route/index.ts'
import { createFiling, createHashLookups, createScan, createSeeing } from './sightings/index.ts'
import { createStats } from './stats/index.ts'
import {
  type Context,
  openDataKeys,
  openStore,
  proveFormat,
  type Transaction,
} from './store/index.ts'
import {
  checkWritten,
  createExplainRoute,
  createMailReader,
  createSmtpTransport,
  createTakedown,
  takeDown,
} from './takedown/index.ts'
import { createOverrides, openTrace } from './trace/index.ts'
import {
  createObservers,
  createWatch,
  type DueReport,
  newsOf,
  type Observer,
} from './watch/index.ts'

/** The background work that calls whoever must know at once that a child is in danger. */
export const DUTY_CALLS = 'calls to the duty desk'

/** Who acts when nobody asked: in the audit trail and in histories. */
const SYSTEM = 'hindra'

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
  /** Begins the background work, until `shutdown`: all of it, or only what is named. */
  start(told?: BackgroundListener, only?: readonly string[]): void
  /** All that is due now, once; a second caller gets the round that is under way. */
  runDue(): Promise<DueReport>
  /** Tells it from now on what happens. */
  observe(observer: Observer): void
  /** Closes all it holds, also where one part cannot be closed in order; then throws why. */
  shutdown(): Promise<void>
}

/**
 * Opens the store and wires the stages. Throws STORE_LOCKED, STORE_FORMAT, STORE_MIGRATE, STORE_CORRUPT,
 * STORE_FAILED, DISK_FULL and the like, KEY_WRONG, INVALID_CONFIG, MODEL_INVALID. The caller owns the engine
 * and calls `start` for what goes on in the background, and `shutdown`.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { config, dataKey, clock = systemClock, random = systemRandom } = options
  const warn = options.warn ?? (() => undefined)
  const resolver = options.resolver ?? systemResolver()
  const transport = options.transport ?? createSmtpTransport(config.mail)

  // What can be wrong in the settings is found before anything is opened.
  const files = policyFiles(config.policy.directory ?? join(config.data, 'policy'))
  const fetcher = options.fetcher ?? createFetcher({ settings: config.fetch, resolver })
  const routes = readRoutes(files)
  checkWritten(routes, config.route.addresses)
  const municipalities = readMunicipalities(files)
  const places = placesOf(config)
  const overrideOf = (host: string) => overrides.find(host)
  const { trace, ...lookups } = openTrace(config, {
    ...{ clock, resolver, files, overrideOf, fetcher: options.fetcher },
  })
  const vocabulary = readVocabulary(config.register.vocabularyFile)
  const model = await openModel(config)

  const store = options.store ?? (await openStore(config, warn))
  const keys = await proveFormat({ store })
    .then(() => openDataKeys(store, dataKey, random))
    .catch(async (error: unknown) => {
      await store.close()
      throw error
    })
  const newId = createIds(clock, random)
  const context: Context = { store, sealer: keys.sealer, clock, random, newId }

  const audit = createAudit(context, options.tallyMs)
  audit.follow(warn)
  const readings = createReadings(store, audit)
  const keepsFeatures = config.features.store === true
  const access = createAccess(context, audit, systemClock)
  const tips = createTips(context, audit)
  const tipImports = createTipImports(context, audit)
  const observers = createObservers()
  const pool = observers.hashes(
    options.pool ??
      createPool({
        ...{ settings: config.pool, limits: config.decode, model: model?.source },
        asked: () => known.askedDigests,
      }),
  )
  const register = createRegister(context, audit, vocabulary, config.register, access.behind)
  const corpus = await openCorpus(context, audit, indexSource(config.index.kind))
  const known = await openKnownSet(context, register, {
    indexes: indexSource(config.index.kind),
    candidates: keepsFeatures,
    model: model?.facts,
    snapshot: { ...config.index, file: join(config.data, 'known.sealed') },
    warn,
  })
  const policy = config.match
  const neighbours = options.neighbours ?? (await openNeighbourhood(context, register))
  const gates = createGates({
    ...{ store, register, known, corpus },
    settings: config.register,
    radius: policy.reviewRadius,
    cellsMin: policy.cellsMin,
  })
  const readers = options.readers ?? { pages: createPageReader(), mails: createMailReader() }
  const look = createLook({
    ...{ store, fetcher, pool, register, policy, pages: config.fetch },
    readPage: readers.pages.media,
    ...{ features: config.features, model: config.model },
    known: observers.searches(known),
    inFull: config.sightings.unmatchedMax > 0,
  })
  const destinations = createDestinations(config.webhooks, resolver)
  const post =
    options.post ??
    createPost(destinations, {
      timeoutSeconds: config.webhooks.timeoutSeconds,
      userAgent: config.fetch.userAgent,
    })
  const cases = createCases(context, audit, {
    ...{ rules: config.urls.rules, recheck: config.recheck, match: policy },
  })
  const overrides = createOverrides(context, audit)
  const router = createRouter(context, audit, { settings: config.route, routes, municipalities })
  const danger = createDanger(context, audit, { config, cases, router, transport })
  const takedown = createTakedown(context, audit, cases, trace, {
    settings: config.takedown,
    ...{ house: config.house, intervals: config.recheck.intervals },
    mail: { ...config.mail, userAgent: config.fetch.userAgent },
    inbox: config.inbox,
    mailboxes: options.mailboxes,
    mailReader: readers.mails,
    duty: danger.duty,
    assessment: assessedBeside(register, access),
    exports: config.hotlineExports,
    transport,
    posts: { post, cloudflare: config.cloudflare },
    router,
    ...{ stillKnown, texts: resolver.texts?.bind(resolver) },
    lookFirst: async (by, caseId) => (await recheck.runCase(by, caseId)).outcome,
  })
  const recheck = createRecheck(context, audit, cases, register, {
    settings: config.recheck,
    fetcher,
    places,
    look,
    fingerprint: (bytes) => pool.fingerprint(bytes, { features: keepsFeatures }),
    nearHarmless: createNearHarmless({ store, register, known, radius: policy.reviewRadius }),
    policy,
  })
  const watchFloods = createFloodWatch({
    ...{ store, register, cases, takedown, warn },
    settings: config.register,
  })
  const holdBack = createHoldBack({ cases, watchFloods, warn })
  const stats = createStats(
    context,
    { cases, notices: takedown, cautions: (tx) => register.cautions(tx) },
    config.takedown,
  )
  const refreshing = createRefreshingItems({
    ...{ store, pool, register, known, keepsFeatures, warn, model: model?.facts.id },
  })
  const file = createFiling({ cases, register, recheck })
  const seeing = createSeeing(context, {
    ...{ readings, look, file, register, known, stats, observers, access, warn },
    settings: config.sightings,
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

  /** The index is a hint, the store decides: asked again wherever something leaves the house. */
  async function stillKnown(tx: Transaction, subject: Subject): Promise<boolean> {
    if (subject.kind === 'assessment') return true
    const item = await register.known(tx, subject.id)
    return item?.status === 'verified' && item.matching !== 'none'
  }

  const curation = createCuration({
    ...{ store, clock, register, gates, known, neighbours, pool, cases, takedown },
    ...{ policy, keepsFeatures },
  })
  const exchanging = createExchanging(context, audit, {
    ...{ register, gates, known, config, resolver, curation },
  })
  const keeping = createKeeping(context, {
    ...{ audit, keys, dataKey, config, warn },
    stages: {
      ...{ ...seeing, tips, tipImports, cases, takedown, recheck, register },
      ...{ imports: exchanging.imports, exports: exchanging.exports },
    },
    saveIndex: () => known.save(),
  })
  const pages = createPages({
    ...{ store, readings, fetcher, look, cases, settings: config.fetch },
    readPage: readers.pages.media,
  })
  const stages: Stages = {
    ...{ config, store, audit, readings, access, tips, tipImports, fetcher, pool, register },
    ...{ corpus, curation, refreshing, exchanging, cases, pages, trace, overrides, router },
    ...{ municipalities, takedown, recheck, alerts, stats, seeing, keeping },
    tipDesk: createTipDesk({
      ...{ store, tips, tipImports, cases, file, stats, look, municipalities, danger },
    }),
    assessing: createAssessing({
      ...{ store, cases, tips, municipalities, danger, pages },
      remember: (by, caseId) => recheck.remember(by, caseId),
    }),
    decisions: createDecisions({ store, cases, takedown }),
    rejudging: createRejudging({ store, cases, takedown }),
    explainRoute: createExplainRoute(trace, router, municipalities),
    takeDown: (by) => takeDown(takedown, holdBack, by),
    scan: createScan(readings, look),
    hashLookups: createHashLookups({
      ...{ store, audit, readings, fetcher, pool, register, look, clock },
      nearProbes: seeing.nearProbes,
    }),
    watch: createWatch(
      {
        ...{ store, pool, known, model: model?.facts, register, takedown, danger, cases, alerts },
        ...{ access, observers, claims: seeing.claims, disk: keeping.disk },
      },
      config,
    ),
  }

  const runDue = singleFlight(async (): Promise<DueReport> => {
    // Before all else: a child is in danger.
    const called = await danger.run()
    const judged = await seeing.judging.run()
    const taken = await stages.takeDown(SYSTEM)
    const rechecks = await recheck.run(SYSTEM)
    await stages.watch.tellOfDamage()
    await alerts.trim()
    await seeing.answers.trim()
    await keeping.due()
    const problems = [...called.problems, ...taken.problems]
    return { ...taken, judged, called: called.calls, rechecks, problems }
  })

  const parts = { ...stages, ...NO_SERVER }
  const { tickSeconds } = config.server
  const background: readonly Background[] = [
    { name: 'due work', everySeconds: tickSeconds, round: async () => newsOf(await runDue()) },
    // By itself: there can be much of it, and no notice is to wait for it.
    { name: 'kept sightings', everySeconds: tickSeconds, round: () => seeing.retroactive.round() },
    { name: 'files of the store', run: (onFailure) => keeping.checkFiles(onFailure) },
    { name: DUTY_CALLS, run: (onFailure) => danger.runContinuously(onFailure) },
    { name: 'pending sightings', run: (onFailure) => seeing.judging.runContinuously(onFailure) },
    { name: 'sources', run: (onFailure) => exchanging.sources.runContinuously(onFailure) },
    { name: 'webhooks', run: (onFailure) => alerts.deliverContinuously(onFailure) },
  ]
  const running = createBackground(background)

  await exchanging.resume()
  await keeping.resume()

  return {
    config,
    stages,
    authenticate: (key) => access.authenticate(key),
    as: (by) => callsFor(parts, by),
    start: (...told) => {
      running.start(...told)
    },
    runDue,
    observe: observers.add,
    shutdown: () =>
      closeAll([
        () => seeing.judging.close(),
        () => seeing.retroactive.close(),
        () => exchanging.sources.close(),
        () => running.stop(),
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
      ]),
  }
}
