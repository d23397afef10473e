import type { Case } from '../../src/cases/index.ts'
import type { Notice } from '../../src/takedown/index.ts'
import {
  checkHeard,
  checkRemembered,
  checkRemoved,
  checkRungs,
  checkShown,
  checkThere,
  Tellings,
} from './invariants.ts'
import { numberOf } from './told.ts'
import type { World } from './world.ts'

/** A removal: from opening (or re-opening) on, as Hindra says and as it was. */
export interface Removal {
  readonly said: number
  readonly truly: number
  /** A person said so: looks alone could not tell. */
  readonly byWord: boolean
}

const HOUR_MS = 3_600_000

/** What there is of cases and notices, read again where it changed; each change is checked. */
export class Watch {
  readonly cases = new Map<string, Case>()
  readonly notices = new Map<string, Notice>()
  readonly removals: Removal[] = []
  readonly #world: World
  readonly #tellings = new Tellings()
  /** Ids of notices by their numbers. */
  readonly #ids = new Map<string, string>()
  readonly #noticesOf = new Map<string, readonly Notice[]>()
  /** When each case was opened last, by the world's clock. */
  readonly #openedMs = new Map<string, number>()
  #version: string

  /** @param since A version of the store: what changed before it is not looked at. */
  constructor(world: World, since = world.version()) {
    this.#world = world
    this.#version = since
  }

  get doubles(): number {
    return this.#tellings.doubles
  }

  get isBusy(): boolean {
    return [...this.cases.values()].some(isAtWork)
  }

  /** @param whole Everything that was due has been done, so that what is left has a next event. */
  async look(whole: boolean): Promise<void> {
    for (const id of await this.#changed()) await this.#read(id)
    if (whole) {
      for (const entry of this.cases.values()) {
        const notices = this.#noticesOf.get(entry.id) ?? []
        checkRemembered(this.#world, entry, notices)
        checkHeard(this.#world, entry, notices)
      }
    }
    this.#tellings.check(
      this.#world.told,
      (said) => this.notices.get(said) ?? this.notices.get(this.#ids.get(said) ?? ''),
      ({ caseId, step, recipient }) => ({
        told: (this.#noticesOf.get(caseId) ?? []).filter(
          (one) => one.step === step && one.recipient === recipient,
        ),
        rounds: (this.cases.get(caseId)?.reopened ?? 0) + 1,
      }),
      (id) => this.#world.retries.get(id) ?? 0,
      (told, notice) => {
        // Whoever is told of no URL is told of the case all the same.
        const url = this.cases.get(notice.caseId)?.url ?? ''
        const whole = told.urls.length > 0 ? told : { ...told, urls: [url] }
        if (told.urls.length === 0) for (const judge of this.#world.onTold) judge(whole)
        if (!this.#world.clock.isBehindItself) checkThere(this.#world, whole, notice)
      },
    )
  }

  async #changed(): Promise<ReadonlySet<string>> {
    const since = this.#version
    this.#version = this.#world.version()
    const ids = new Set<string>()
    for (const [, id] of await this.#world.changedSince(since, 'case')) ids.add(String(id))
    for (const [, caseId] of await this.#world.changedSince(since, 'notice-case')) {
      ids.add(String(caseId))
    }
    for (const prefix of ['notice', 'notice-waiting']) {
      for (const [, id] of await this.#world.changedSince(since, prefix)) {
        const notice = this.notices.get(String(id))
        if (notice !== undefined) ids.add(notice.caseId)
      }
    }
    return ids
  }

  async #read(id: string): Promise<void> {
    const world = this.#world
    const before = this.cases.get(id)
    const entry = await world.engine.as(world.as('auditor')).cases.show({ id })
    if (before?.reopened !== entry.reopened) {
      this.#openedMs.set(id, world.clock.trueMs)
    }
    checkShown(world, entry)
    checkRemoved(world, before, entry)
    checkRungs(world, entry.notices)
    if (entry.status === 'removed' && before?.status !== 'removed') this.#wasRemoved(entry)
    this.cases.set(id, entry)
    this.#noticesOf.set(id, entry.notices)
    for (const notice of entry.notices) {
      this.notices.set(notice.id, notice)
      this.#ids.set(numberOf(notice.id), notice.id)
    }
  }

  #wasRemoved({ id, url, removedAt, lastLook }: Case): void {
    const { pages, clock } = this.#world
    const openedMs = this.#openedMs.get(id) ?? 0
    const saidMs = this.#world.looks.trueMs(url, Date.parse(removedAt ?? '')) ?? 0
    const goneMs = pages.get(url)?.goneSince(clock.trueMs) ?? saidMs
    const hours = (ms: number) => Math.max(0, ms - openedMs) / HOUR_MS
    const byWord = lastLook?.cause === 'person' || lastLook?.cause === 'as-answered'
    this.removals.push({ said: hours(saidMs), truly: hours(goneMs), byWord })
  }
}

function isAtWork({ status }: Case): boolean {
  return status === 'open' || status === 'in-progress'
}
