import { join } from 'node:path'
import { createAccess } from './access/index.ts'
import { createAlerts } from './alerts/index.ts'
import { createAudit } from './audit/index.ts'
import { createCases, type Subject } from './cases/index.ts'
import type { Config } from './config.ts'
import {
  type Clock,
  closeAll,
  createIds,
  policyFiles,
  type Random,
  readMunicipalities,
  systemClock,
  systemRandom,
} from './core/index.ts'
import { accessCalls } from './engine/access.ts'
import { assessedBeside } from './engine/assessed.ts'
import { assessingCalls } from './engine/assessing.ts'
import { alertCalls } from './engine/alerts.ts'
import { caseCalls } from './engine/cases.ts'
import { hotlineExportCalls } from './engine/hotline-exports.ts'
import { createFiling } from './engine/filing.ts'
import { createDanger } from './engine/danger.ts'
import { createFloodWatch } from './engine/floods.ts'
import { createDiskWatch } from './engine/disk-use.ts'
import { openExchange } from './engine/exchange.ts'
import { createReadings, guarded } from './engine/guard.ts'
import { hashingCalls } from './engine/hashing.ts'
import { noticeCalls, takeDown } from './engine/notices.ts'
import { openModel } from './engine/model.ts'
import { createObservers } from './engine/observers.ts'
import { createPages } from './engine/pages.ts'
import { recheckCalls } from './engine/rechecking.ts'
import { registerCalls } from './engine/register.ts'
import { createRefreshingItems } from './engine/refreshing.ts'
import { createHoldBack, rejudgingCalls } from './engine/rejudging.ts'
import { createSafeKeeping } from './engine/safe-keeping.ts'
import { routingCalls } from './engine/routing.ts'
import { scanningCalls } from './engine/scanning.ts'
import { createSeeing } from './engine/seeing.ts'
import { openStore } from './engine/store.ts'
import { tipCalls } from './engine/tips.ts'
import { openTracing, tracingCalls } from './engine/tracing.ts'
import type { DueReport, Engine } from './engine/types.ts'
import { createWatch } from './engine/watch.ts'
import { indexSource } from './index/index.ts'
import {
  createFetcher,
  createTipImports,
  createTips,
  type Fetcher,
  type Resolver,
  systemResolver,
} from './intake/index.ts'
import { createLook, createNearHarmless } from './match/index.ts'
import { createPool, type Pool } from './pool/index.ts'
import { createDestinations, createPost, type Post } from './post/index.ts'
import { createRecheck, placesOf } from './recheck/index.ts'
import {
  createGates,
  createRegister,
  type Neighbours,
  openCorpus,
  openKnownSet,
  openNeighbourhood,
  readVocabulary,
} from './register/index.ts'
import { createRouter, readRoutes } from './route/index.ts'
import { createStats } from './stats/index.ts'
import {
  type Context,
  openDataKeys,
  proveFormat,
  type Store,
  type Transaction,
} from './store/index.ts'
import {
  checkWritten,
  createSmtpTransport,
  createTakedown,
  type Mailbox,
  type MailTransport,
} from './takedown/index.ts'
import { createOverrides } from './trace/index.ts'

export { type MigrationReport, migrateStore } from './engine/migration.ts'
export type { Observer } from './engine/observers.ts'
export type * from './engine/alerts-types.ts'
export type * from './engine/hashing-types.ts'
export type * from './engine/pages-types.ts'
export type * from './engine/register-types.ts'
export type * from './engine/tips-types.ts'
export type * from './engine/types.ts'
export type * from './engine/watch-types.ts'

export interface EngineOptions {
  readonly config: Config
  /** 32 bytes that seal every record. */
  readonly dataKey: Uint8Array
  readonly clock?: Clock
  readonly random?: Random
  readonly resolver?: Resolver
  readonly transport?: MailTransport
  readonly mailboxes?: readonly Mailbox[]
  /** The outer world of a simulation: a store that is open, a network, hashers and neighbours of its own. */
  readonly store?: Store
  readonly fetcher?: Fetcher
  readonly post?: Post
  readonly pool?: Pool
  readonly neighbours?: Neighbours
  /** How long what is counted for the audit waits in memory: a minute of the machine's time. */
  readonly tallyMs?: number
  /** Told what the operator should know and nobody asked for. */
  readonly warn?: (message: string) => void
}

/** Who acts when nobody asked: in the audit trail and in histories. */
const SYSTEM = 'hindra'

/**
 * Opens the store and wires the stages. Throws STORE_LOCKED, STORE_FORMAT, STORE_MIGRATE, STORE_CORRUPT,
 * STORE_FAILED, DISK_FULL and the like, KEY_WRONG, INVALID_CONFIG, MODEL_INVALID. The caller owns the engine
 * and calls `shutdown`.
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
  const { trace, ...lookups } = openTracing(config, {
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
  const register = createRegister(context, audit, vocabulary, config.register)
  const corpus = await openCorpus(context, audit, indexSource(config.index.kind))
  const known = await openKnownSet(context, register, {
    indexes: indexSource(config.index.kind),
    candidates: config.features.store === true,
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
  const look = createLook({
    ...{ store, fetcher, pool, register, policy, pages: config.fetch },
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
    fingerprint: (bytes) => pool.fingerprint(bytes, { features: config.features.store === true }),
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
  const file = createFiling({ cases, register, recheck })
  const refreshing = createRefreshingItems({
    ...{ store, pool, register, known, warn, model: model?.facts.id },
    keepsFeatures: config.features.store === true,
  })
  const seeing = createSeeing(context, {
    ...{ look, file, register, known, stats, observers, settings: config.sightings },
    refreshSeen: refreshing.refreshSeen,
  })
  const { claims, answers, sightings, judging, retroactive } = seeing
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

  /** Everything that is due, one run at a time: a second caller gets the run that is under way. */
  let due: Promise<DueReport> | undefined
  function runDue(): Promise<DueReport> {
    due ??= (async () => {
      // Before all else: a child is in danger.
      const called = await danger.run()
      const judged = await judging.run()
      const taken = await takeDown(takedown, holdBack, SYSTEM)
      const rechecks = await recheck.run(SYSTEM)
      await alerts.trim()
      await answers.trim()
      await safeKeeping.due()
      await disk.note()
      const problems = [...called.problems, ...taken.problems]
      return { judged, called: called.calls, ...taken, rechecks, problems }
    })().finally(() => {
      due = undefined
    })
    return due
  }

  const { carryChange, touchedBy, ...registered } = registerCalls(
    {
      ...{ store, clock, readings, register, gates, corpus, known, neighbours, pool, cases },
      ...{ takedown, refreshing, policy },
    },
    config.features.store === true,
  )
  const exchange = openExchange(context, audit, {
    ...{ register, gates, known, config, resolver, readings, carryChange, touchedBy },
  })
  const safeKeeping = createSafeKeeping(context, {
    ...{ audit, readings, keys, dataKey, config, warn },
    stages: {
      ...{ ...seeing, tips, tipImports, cases, takedown, recheck, register },
      ...exchange.records,
    },
    saveIndex: () => known.save(),
  })
  const disk = createDiskWatch(context, config)
  await exchange.resume()
  await safeKeeping.resume()

  return {
    ...{ config, totalOf: readings.totalOf },
    stages: { store, readings, cases, stats },
    authenticate: (key) => access.authenticate(key),

    ...accessCalls(readings, access),
    ...registered,
    ...exchange.calls,

    submit: guarded('sighting:submit', (by, ...sent) => {
      audit.count(by.id, 'sighting.submit', by.key?.id ?? by.id)
      return sightings.submit(by, ...sent)
    }),
    judgePending: (onFailure) => judging.runContinuously(onFailure),
    ...scanningCalls(audit, look),

    ...hashingCalls({
      ...{ store, audit, readings, fetcher, pool, register, look, clock },
    }),
    ...tipCalls({
      ...{ store, readings, tips, tipImports, cases, file, stats, look, municipalities, danger },
    }),
    ...assessingCalls({
      ...{ store, cases, tips, municipalities, danger },
      pages: createPages({ store, audit, fetcher, look, cases, settings: config.fetch }),
      remember: (by, caseId) => recheck.remember(by, caseId),
    }),

    ...caseCalls(store, readings, cases, takedown),
    ...rejudgingCalls(store, readings, cases, takedown),
    ...tracingCalls(readings, trace, overrides),
    ...routingCalls(readings, { cases, trace, router, overrides, takedown, municipalities }),
    ...alertCalls(readings, cases.alertFeed, alerts, config.alerts),
    callDuty: (onFailure) => danger.runContinuously(onFailure),
    deliverDueAlerts: () => alerts.deliver(),
    deliverAlerts: (onFailure) => alerts.deliverContinuously(onFailure),

    ...hotlineExportCalls(readings, takedown),
    ...noticeCalls(store, readings, takedown, holdBack),
    ...recheckCalls(recheck),
    runDue,
    compareKept: () => retroactive.run(),

    ...safeKeeping.calls,
    ...retroactive.calls,

    noteProbing: (by, what) => access.noteProbing(by, what),
    ...createWatch(
      {
        store,
        pool,
        known,
        model: model?.facts,
        register,
        claims,
        takedown,
        danger,
        cases,
        alerts,
        observers,
        disk,
      },
      config,
    ),
    shutdown: () =>
      closeAll([
        () => judging.close(),
        () => retroactive.close(),
        () => exchange.close(),
        () => due?.catch(() => undefined),
        () => safeKeeping.close(),
        () => danger.close(),
        () => alerts.close(),
        () => pool.close(),
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
