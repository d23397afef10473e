import type { TipDesk } from '../assessing/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { backoffMs, defang, HOUR_MS, isoTime, MINUTE_MS } from '../core/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import type { Router } from '../route/index.ts'
import { type Context, take, type Transaction, turnsOf } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import {
  type Spoken,
  createEntries,
  type IccamEntry,
  type IccamEntryClear,
  type Saying,
} from './entries.ts'
import { createFacts, type FactsParts } from './facts.ts'
import type { IccamLine } from './line.ts'
import { createLineState, type LineState } from './line-state.ts'
import type { IccamNames } from './names.ts'
import { nextSaying } from './next-act.ts'
import { createPull, type PullReport } from './pull.ts'
import { createPush, type PushReport } from './push.ts'
import { readQueues } from './reading.ts'
import type { ActSettlement } from './terms.ts'

const FAILURE_MS_MAX = 6 * HOUR_MS

/** One content of ICCAM, and what was said of it. */
export interface IccamView {
  readonly id: string
  readonly contentId: string | null
  readonly state: IccamEntryClear['state']
  /** Defanged. */
  readonly url: string
  readonly noticeId: string | null
  readonly tipId: string | null
  readonly caseIds: readonly string[]
  /** What ICCAM holds, as it was shown last and as we have changed it since. */
  readonly held: {
    readonly assigned: string | null
    readonly classification: string | null
    readonly hostingCountry: string | null
    readonly actions: readonly string[]
  } | null
  readonly acts: readonly {
    readonly said: string
    readonly state: Spoken['state']
    readonly at: string
    readonly why: string | null
  }[]
}

/** What would be said now. */
export interface DueSaying {
  /** The content, or the notice that is to become a report. */
  readonly id: string
  /** Defanged. */
  readonly url: string
  readonly says: string
}

export interface IccamStatus extends LineState {
  /** Whether a line is set up. */
  readonly isOn: boolean
  readonly contents: Readonly<Record<IccamEntryClear['state'], number>>
}

/** Null of what was not done: not asked for, not due, or the line did not go. */
export interface IccamReport {
  readonly pulled: PullReport | null
  readonly pushed: PushReport | null
  readonly problems: readonly string[]
}

export interface Iccam {
  status(): Promise<IccamStatus>
  /** Reads ICCAM, then says what is to be said. Throws CONFLICT where no line is set up. */
  run(by: string, wanted?: { readonly push: boolean }): Promise<IccamReport>
  /** The same where it is due; undefined where it is not. */
  round(by: string): Promise<IccamReport | undefined>
  /** What would be said now, without saying it. */
  due(): Promise<readonly DueSaying[]>
  list(page: {
    readonly after?: string
    readonly limit: number
    readonly state?: IccamEntryClear['state']
  }): Promise<readonly IccamView[]>
  /** A person decides of what was refused or is lost. Throws NOT_FOUND, CONFLICT where nothing asks. */
  settle(by: string, id: string, as: ActSettlement): Promise<IccamView>
  eraseForCase(tx: Transaction, caseId: string): Promise<void>
  eraseForTips(tx: Transaction, tipIds: readonly string[]): Promise<void>
  close(): Promise<void>
}

export type IccamParts = FactsParts & {
  readonly takedown: Pick<Takedown, 'exports' | 'stopped' | 'list' | 'errands'>
  readonly tipDesk: Pick<TipDesk, 'take'>
  /** Absent: none is set up, nothing is asked and nothing sent. */
  readonly line: IccamLine | undefined
  readonly config: Pick<Config, 'iccam' | 'takedown'>
  readonly names: IccamNames
  readonly router: Pick<Router, 'home'>
}

/**
 * ICCAM, both ways. What is to be said is found by reading cases anew, so a crash loses nothing; it is marked before
 * it is handed over, and what was handed over without an answer is never repeated before ICCAM was read.
 */
export function createIccam(context: Context, audit: Audit, parts: IccamParts): Iccam {
  const { store, clock, random } = context
  const { takedown, names, config } = parts
  const home = parts.router.home.country
  const settings = config.iccam
  const entries = createEntries(context)
  const facts = createFacts(parts)
  const lineState = createLineState(context)
  const stop = new AbortController()
  const ways = parts.line && open(parts.line)

  function open(line: IccamLine) {
    const read = (from: string) => readQueues(line, names, from, stop.signal)
    const { rewindDays } = settings
    const pull = createPull(context, { ...parts, home, entries, rewindDays, read })
    const { pages } = pull
    const push = createPush(context, audit, {
      ...parts,
      home,
      entries,
      facts,
      pages,
      line,
      settings,
      signal: stop.signal,
    })
    return { pull, push }
  }

  const oneAtATime = turnsOf(store.lease('ICCAM'))

  /** What one has handed over, another at the same time would take for what a dead process left. */
  function once(by: string, isPushing: boolean): Promise<IccamReport> {
    return oneAtATime(() => runNow(by, isPushing))
  }

  async function runNow(by: string, isPushing: boolean): Promise<IccamReport> {
    if (ways === undefined) throw new HindraError('CONFLICT', { says: 'iccam-none' })
    const state = await store.transact((tx) => lineState.get(tx))
    let pulled: Awaited<ReturnType<typeof ways.pull.run>>
    try {
      pulled = await ways.pull.run(by, state)
    } catch (error) {
      stop.signal.throwIfAborted()
      const { code, message } = toHindraError(error)
      if (code === 'INTERNAL') throw error
      await note({ failures: state.failures + 1, why: message })
      return { pulled: null, pushed: null, problems: [`${code}: ${message}`] }
    }
    await note({ failures: 0, why: null, cursor: pulled.cursor, night: pulled.night })
    const isStopped = config.takedown.stop || (await takedown.stopped()) !== null
    const pushed = isPushing && !isStopped ? await ways.push.run(by) : null
    const problems = [...pulled.report.problems, ...(pushed?.problems ?? [])]
    return { pulled: pulled.report, pushed, problems }
  }

  function note(change: Pick<LineState, 'failures' | 'why'> & Partial<LineState>): Promise<void> {
    return store.transact(async (tx) => {
      const before = await lineState.get(tx)
      const now = isoTime(clock.now())
      const { failures } = change
      const wait = settings.retryMinutes * MINUTE_MS
      const ms =
        failures === 0
          ? settings.everyMinutes * MINUTE_MS
          : backoffMs(failures, { firstMs: wait, longestMs: FAILURE_MS_MAX }, random)
      const failingSince = failures === 0 ? null : (before.failingSince ?? now)
      const nextAt = isoTime(clock.now() + ms)
      if (failures === 0) takedown.errands.close(tx, 'iccam', 'line')
      lineState.put(tx, { ...before, ...change, askedAt: now, nextAt, failingSince })
    })
  }

  /** Asked between tries, too: they come ever more seldom. */
  async function tellOfFailure(by: string, since: string): Promise<void> {
    if (clock.now() - Date.parse(since) < settings.alertMinutes * MINUTE_MS) return
    const errand = { kind: 'iccam', about: 'line' } as const
    await store.transact((tx) => takedown.errands.open(tx, by, errand, { kind: 'line-fails' }))
  }

  async function view(tx: Transaction, row: IccamEntry): Promise<IccamView> {
    const { held, report, acts } = row.sealed
    return {
      id: row.id,
      contentId: row.clear.contentId,
      state: row.clear.state,
      url: defang(held?.url ?? report?.url ?? ''),
      noticeId: row.clear.noticeId,
      tipId: row.clear.tipId,
      caseIds: (await facts.casesOf(tx, row)) ?? [],
      held: held && {
        assigned: held.assigned,
        classification: held.classification,
        hostingCountry: held.hosting.country,
        actions: held.actions.map(({ name }) => name),
      },
      acts: acts.map((act) => ({ said: words(act), state: act.state, at: act.at, why: act.why })),
    }
  }

  return {
    status: () =>
      store.transact(async (tx) => {
        const of = (state: IccamEntryClear['state']) => entries.counts.state.at(tx, [state])
        return {
          ...(await lineState.get(tx)),
          isOn: ways !== undefined,
          contents: {
            live: await of('live'),
            unsure: await of('unsure'),
            asks: await of('asks'),
            over: await of('over'),
          },
        }
      }),

    run: (by, { push } = { push: true }) => once(by, push),

    async round(by) {
      if (ways === undefined) return undefined
      const { nextAt, failingSince } = await store.transact((tx) => lineState.get(tx))
      if (failingSince !== null) await tellOfFailure(by, failingSince)
      if (nextAt !== null && nextAt > isoTime(clock.now())) return undefined
      return once(by, true)
    },

    async due() {
      const due: DueSaying[] = []
      const queued = await takedown.list({ channel: 'iccam-export', state: 'queued', limit: 1_000 })
      for (const { id, step, caseId } of queued) {
        if (step !== 'notice') continue
        const url = await store.transact(async (tx) => (await parts.cases.read(tx, caseId)).rawUrl)
        due.push({ id, url: defang(url), says: 'report' })
      }
      for await (const row of everyLive()) {
        const saying = await store.transact(async (tx) => {
          const known = await facts.of(tx, row)
          return known === undefined ? null : nextSaying(row, known, home)
        })
        if (saying !== null) {
          const { held, report } = row.sealed
          due.push({
            id: row.id,
            url: defang(held?.url ?? report?.url ?? ''),
            says: words(saying),
          })
        }
      }
      return due
    },

    list: ({ after, limit, state }) =>
      store.transact(async (tx) => {
        const rows =
          state === undefined
            ? await entries.page(tx, { after, limit })
            : await take(entries.by.state.rows(tx, [state], { after, limit }))
        const views: IccamView[] = []
        for (const row of rows) views.push(await view(tx, row))
        return views
      }),

    settle: (by, id, as) =>
      store.transact(async (tx) => {
        const row = await entries.need(tx, id)
        const act = row.sealed.acts.at(-1)
        if (row.clear.state !== 'asks' || act === undefined) {
          throw new HindraError('CONFLICT', { says: 'iccam-not-waiting' })
        }
        const { noticeId } = row.clear
        const isReport = act.kind === 'report' && noticeId !== null
        audit.append(tx, {
          by,
          action: 'iccam.settle',
          subject: id,
          detail: { as, kind: act.kind },
        })
        switch (as) {
          case 'arrived': {
            const acts = entries.ended(row, 'done')
            if (isReport) await takedown.exports.claimTold(tx, by, noticeId)
            return view(tx, entries.change(tx, row, { state: 'live' }, { acts }))
          }
          case 'again':
            // ICCAM is read first, as after a line that was cut.
            return view(
              tx,
              entries.change(
                tx,
                row,
                { state: 'unsure', notBefore: null },
                {
                  acts: entries.ended(row, 'sending', act.why),
                },
              ),
            )
          case 'leave': {
            const acts = entries.ended(row, 'left', act.why)
            if (isReport) await takedown.exports.unclaim(tx, by, noticeId)
            const state = isReport ? 'over' : 'live'
            return view(tx, entries.change(tx, row, { state }, { acts }))
          }
        }
      }),

    async eraseForCase(tx, caseId) {
      for (const row of await take(entries.by.case.rows(tx, [caseId]))) entries.remove(tx, row)
    },

    async eraseForTips(tx, tipIds) {
      for (const tipId of tipIds) {
        const row = await entries.by.tip.find(tx, [tipId])
        if (row !== undefined) entries.remove(tx, row)
      }
    },

    close() {
      stop.abort()
      return oneAtATime.settled()
    },
  }

  async function* everyLive(): AsyncIterable<IccamEntry> {
    for await (const rows of ways?.pull.pages('live') ?? []) yield* rows
  }
}

/** `assessment national`, `action removed`. */
function words(saying: Saying): string {
  switch (saying.kind) {
    case 'report':
    case 'reference':
      return saying.kind
    case 'hosting':
      return `hosting ${saying.value.country ?? 'unknown'}`
    default:
      return `${saying.kind} ${saying.value}`
  }
}
