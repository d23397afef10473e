import { readFile } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { type Clock, HOUR_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { readCertificates } from './certificates.ts'
import { readOpenpgpKeys } from './openpgp-keys.ts'
import type { RecipientKey } from './recipient-key.ts'

const WARNED_MS = 30 * 24 * HOUR_MS

/** What an operator should look at, of one address. */
export interface ConfidenceFault {
  readonly address: string
  readonly why: string
}

/** Who is written to in confidence, by mail address whatever its case. */
export interface Confidence {
  /** What letters to them are encrypted with; undefined where nothing is. */
  readonly keyFor: (address: string) => RecipientKey | undefined
  /** Whether a person tells them, and no mail ever. */
  readonly isPortalOnly: (address: string) => boolean
  /** Keys that have expired, end within 30 days, or name another address. */
  readonly faults: (nowMs: number) => readonly ConfidenceFault[]
}

/** Nobody is written to in confidence. */
export const PLAIN_TO_ALL: Confidence = {
  keyFor: () => undefined,
  isPortalOnly: () => false,
  faults: () => [],
}

/**
 * Reads and checks the keys of `takedown.confidence`; faults are told, where somebody is to hear. Throws
 * INVALID_CONFIG naming the address, of all that is wrong.
 */
export async function openConfidence(
  settings: Config['takedown']['confidence'],
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
        keys.set(address, readCertificates(await readFile(way.certificate, 'utf8'), address))
      } else keys.set(address, await readOpenpgpKeys(await readFile(way.openpgp, 'utf8'), address))
    } catch (error) {
      problems.push(`takedown.confidence: ${name}: ${wordsOf(error)}`)
    }
  }
  if (problems.length > 0) throw new HindraError('INVALID_CONFIG', problems.join('; '))

  const confidence: Confidence = {
    keyFor: (address) => keys.get(address.toLowerCase()),
    isPortalOnly: (address) => portals.has(address.toLowerCase()),
    faults: (nowMs) =>
      [...keys].flatMap(([address, key]) => faultsOf(key, nowMs).map((why) => ({ address, why }))),
  }
  for (const { address, why } of told === undefined ? [] : confidence.faults(told.clock.now())) {
    told?.warn(`${address}: ${why}`)
  }
  return confidence
}

function faultsOf({ expiresAt, namesAddress }: RecipientKey, nowMs: number): readonly string[] {
  const left = expiresAt === null ? Infinity : Date.parse(expiresAt) - nowMs
  const day = expiresAt?.slice(0, 10) ?? ''
  return [
    ...(left <= 0 ? [`its key has expired on ${day}: letters wait for a person`] : []),
    ...(left > 0 && left < WARNED_MS
      ? [`its key ends on ${day}: letters wait for a person then`]
      : []),
    ...(namesAddress ? [] : ['its key names another address']),
  ]
}

/** The path and the bytes of a file stay out of messages. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'cannot be read'
  return 'code' in error && error.code === 'ENOENT' ? 'the file is not there' : error.message
}
