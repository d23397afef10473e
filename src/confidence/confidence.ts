import { readFile } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { type Clock, HOUR_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { RecipientKey } from './recipient-key.ts'

const DAY_MS = 24 * HOUR_MS

/** What an operator should look at, of one address. */
export interface ConfidenceFault {
  readonly address: string
  readonly why: string
}

/** How one address is written to in confidence, as lists show it. */
export interface ContactKey {
  readonly address: string
  readonly kind: RecipientKey['kind'] | 'portal-only'
  /** None of who is told by a portal only. */
  readonly fingerprints: readonly string[]
  /** When letters begin to wait for a person, UTC ISO 8601; null where never. */
  readonly expiresAt: string | null
  /** Of a key: whether it ends within `takedown.keyWarnDays`, or has ended. */
  readonly state: 'good' | 'ends-soon' | 'ended'
  /** What is wrong with it, in words. */
  readonly faults: readonly string[]
  /** The same in no language. */
  readonly said: readonly ('ends-soon' | 'ended' | 'another-address')[]
}

/** Who is written to in confidence, by mail address whatever its case. */
export interface Confidence {
  /** What letters to them are encrypted with; undefined where nothing is. */
  readonly keyFor: (address: string) => RecipientKey | undefined
  /** Whether a person tells them, and no mail ever. */
  readonly isPortalOnly: (address: string) => boolean
  /** All of them by address, as they stand at this time. */
  readonly list: (nowMs: number) => readonly ContactKey[]
  /** Keys that have expired, end within `takedown.keyWarnDays`, or name another address. */
  readonly faults: (nowMs: number) => readonly ConfidenceFault[]
}

/** Nobody is written to in confidence. */
export const PLAIN_TO_ALL: Confidence = {
  keyFor: () => undefined,
  isPortalOnly: () => false,
  list: () => [],
  faults: () => [],
}

/**
 * Reads and checks the keys of `takedown.confidence`; faults are told, where somebody is to hear. Throws
 * INVALID_CONFIG naming the address, of all that is wrong.
 */
export async function openConfidence(
  { confidence: settings, keyWarnDays }: Pick<Config['takedown'], 'confidence' | 'keyWarnDays'>,
  told?: { readonly clock: Clock; readonly warn: (message: string) => void },
): Promise<Confidence> {
  const keys = new Map<string, RecipientKey>()
  const portals = new Set<string>()
  const problems: string[] = []
  for (const [name, way] of Object.entries(settings)) {
    const address = name.toLowerCase()
    try {
      if ('portalOnly' in way) portals.add(address)
      else if ('certificate' in way) {
        // Loaded where somebody has such a key: each of the two libraries takes a tenth of a second.
        const { readCertificates } = await import('./certificates.ts')
        keys.set(address, readCertificates(await readFile(way.certificate, 'utf8'), address))
      } else {
        const { readOpenpgpKeys } = await import('./openpgp-keys.ts')
        keys.set(address, await readOpenpgpKeys(await readFile(way.openpgp, 'utf8'), address))
      }
    } catch (error) {
      problems.push(`takedown.confidence: ${name}: ${wordsOf(error)}`)
    }
  }
  if (problems.length > 0) throw new HindraError('INVALID_CONFIG', problems.join('; '))

  const confidence: Confidence = {
    keyFor: (address) => keys.get(address.toLowerCase()),
    isPortalOnly: (address) => portals.has(address.toLowerCase()),
    list,
    faults: (nowMs) =>
      list(nowMs).flatMap(({ address, faults }) => faults.map((why) => ({ address, why }))),
  }
  for (const { address, why } of told === undefined ? [] : confidence.faults(told.clock.now())) {
    told?.warn(`${address}: ${why}`)
  }
  return confidence

  function list(nowMs: number): readonly ContactKey[] {
    const withKey = [...keys].map(([address, key]) => contactKey(address, key, nowMs, keyWarnDays))
    const byPortal = [...portals].map((address) => portalOnly(address))
    return [...withKey, ...byPortal].sort((a, b) => (a.address < b.address ? -1 : 1))
  }
}

function contactKey(
  address: string,
  { kind, fingerprints, expiresAt, namesAddress }: RecipientKey,
  nowMs: number,
  warnDays: number,
): ContactKey {
  const left = expiresAt === null ? Infinity : Date.parse(expiresAt) - nowMs
  const state = left <= 0 ? 'ended' : left < warnDays * DAY_MS ? 'ends-soon' : 'good'
  const day = expiresAt?.slice(0, 10) ?? ''
  const faults = [
    ...(state === 'ended' ? [`its key has expired on ${day}: letters wait for a person`] : []),
    ...(state === 'ends-soon' ? [`its key ends on ${day}: letters wait for a person then`] : []),
    ...(namesAddress ? [] : ['its key names another address']),
  ]
  const said: ContactKey['said'] = [
    ...(state === 'good' ? [] : ([state] as const)),
    ...(namesAddress ? [] : (['another-address'] as const)),
  ]
  return { address, kind, fingerprints, expiresAt, state, faults, said }
}

function portalOnly(address: string): ContactKey {
  return {
    address,
    kind: 'portal-only',
    fingerprints: [],
    expiresAt: null,
    state: 'good',
    faults: [],
    said: [],
  }
}

/** The path and the bytes of a file stay out of messages. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'cannot be read'
  return 'code' in error && error.code === 'ENOENT' ? 'the file is not there' : error.message
}
