import { type Case, type Cases, isAtWork, type KeptAssessment } from '../cases/index.ts'
import { hostTokens } from '../core/index.ts'
import type { Tip, Tips } from '../intake/index.ts'
import type { Item, Register } from '../register/index.ts'
import { type Store, take, unlessDamaged } from '../store/index.ts'

/** The newest cases that the index of hosts finds and that are read, those at its subdomains among them. */
const READ_MAX = 2_000
/** How many of those at the host are shown; all that were found are counted. */
const SHOWN_MAX = 10

/** A case as somebody needs it who is about to assess. */
export type EarlierCase = Pick<
  Case,
  'id' | 'status' | 'verdict' | 'decision' | 'classification' | 'openedAt' | 'takenBack'
>

/** What a URL is known for already, with nothing fetched and nothing opened. */
export interface UrlReport {
  /** Every case at the URL, whatever became of it, oldest first. */
  readonly cases: readonly EarlierCase[]
  /** What it was assessed as in them. */
  readonly assessments: readonly Pick<KeptAssessment, 'id' | 'caseId' | 'classification' | 'at'>[]
  /** Tips on the URL, those that were dismissed among them. */
  readonly tips: readonly Pick<Tip, 'id' | 'status' | 'source' | 'receivedAt'>[]
  readonly atHost: {
    /** The name of the host. */
    readonly host: string
    /** The cases that were read are counted: those at work, and those that are over. */
    readonly open: number
    readonly over: number
    /** The newest of them, at most ten. */
    readonly newest: readonly EarlierCase[]
    /** Whether every case of the host was read: not only the newest, and none waits to be taken into the index. */
    readonly whole: boolean
  }
  /** What the register has of the same file: by the SHA-256 that was given, or that tips on the URL brought. */
  readonly sameFile: readonly (Pick<Item, 'id' | 'status' | 'classification'> & {
    readonly cases: readonly EarlierCase[]
  })[]
}

/** Throws URL_INVALID. */
export type Beforehand = (url: string, sha256?: string) => Promise<UrlReport>

export function createBeforehand(parts: {
  readonly store: Store
  readonly cases: Pick<Cases, 'forUrl' | 'forItem' | 'assessmentsOf' | 'found' | 'read'>
  readonly tips: Pick<Tips, 'atUrl'>
  readonly register: Pick<Register, 'ofBytes'>
  /** Whether cases of before they could be found are still being taken in. */
  readonly old: { areLeft(): boolean }
}): Beforehand {
  const { store, cases, tips, register, old } = parts

  /** Cases whose media is at the host itself: pages there, and other hosts of its domain, are found by it as well. */
  function atHost(hostname: string): Promise<UrlReport['atHost']> {
    return store.transact(async (tx) => {
      const [token] = hostTokens(hostname)
      const page = { reverse: true, limit: READ_MAX }
      const ids = token === undefined ? [] : await take(cases.found.ids(tx, token, page))
      const there: Case[] = []
      for (const id of ids) {
        const entry = await unlessDamaged(cases.read(tx, id))
        if (entry !== undefined && new URL(entry.url).hostname === hostname) there.push(entry)
      }
      const open = there.filter(({ status }) => isAtWork(status)).length
      return {
        host: hostname,
        open,
        over: there.length - open,
        newest: there.slice(0, SHOWN_MAX).map(shown),
        whole: ids.length < READ_MAX && !old.areLeft(),
      }
    })
  }

  async function sameFile(hashes: readonly string[]): Promise<UrlReport['sameFile']> {
    const items = new Map<string, Item>()
    for (const sha256 of hashes) {
      const item = await store.transact((tx) => register.ofBytes(tx, sha256))
      if (item !== undefined) items.set(item.id, item)
    }
    return Promise.all(
      [...items.values()].map(async ({ id, status, classification }) => ({
        id,
        status,
        classification,
        cases: (await cases.forItem(id)).slice(-SHOWN_MAX).map(shown),
      })),
    )
  }

  return async (url, sha256) => {
    const at = await cases.forUrl(url)
    const assessed = await store.transact((tx) =>
      Promise.all(at.map(({ id }) => cases.assessmentsOf(tx, id))),
    )
    const told = await tips.atUrl(url)
    const { hostname } = new URL(url)
    const brought = told.flatMap(({ hashes = [] }) =>
      hashes.flatMap(({ type, value }) => (type === 'sha256' ? [value] : [])),
    )
    return {
      cases: at.map(shown),
      assessments: assessed.flat().map((one) => ({
        id: one.id,
        caseId: one.caseId,
        classification: one.classification,
        at: one.at,
      })),
      tips: told.map(({ id, status, source, receivedAt }) => ({ id, status, source, receivedAt })),
      atHost: await atHost(hostname),
      sameFile: await sameFile([
        ...new Set([...(sha256 === undefined ? [] : [sha256]), ...brought]),
      ]),
    }
  }
}

function shown(entry: Case): EarlierCase {
  const { id, status, verdict, decision, classification, openedAt, takenBack } = entry
  return { id, status, verdict, decision, classification, openedAt, takenBack }
}
