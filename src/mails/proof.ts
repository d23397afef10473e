import { createHash } from 'node:crypto'
import type { Incoming } from './incoming.ts'

/** Text records of the DNS. Rejects with the `code` of `node:dns` where there are none. */
export type TextRecords = (name: string) => Promise<readonly (readonly string[])[]>

/** A DKIM signature that holds for the address in `From`. */
export interface Signed {
  /** Header fields that it covers, in lower case. */
  readonly covers: ReadonlySet<string>
  /** The same whatever way the mail comes: a second one with it is a replay. */
  readonly fingerprint: string
}

/** What the library tells of a signature and its types leave out. */
interface Verified {
  readonly status: { readonly result: string; readonly aligned?: unknown }
  readonly signingDomain?: string
  readonly algo?: string
  readonly signature?: string
  readonly signatureTimeValid?: boolean
  /** Names joined by `: `. */
  readonly signingHeaders?: { readonly keys?: string }
}

/** Text records by the name that has them. */
export type KeyRecords = ReadonlyMap<string, readonly (readonly string[])[]>

export interface Provenance {
  readonly signed?: Signed
  /** Names of keys that would have to be known: never more than `SIGNATURES_MAX`. */
  readonly lacks: readonly string[]
}

/** How many signatures are looked up: more than any honest mail has cost a look-up each. */
const SIGNATURES_MAX = 8
/** The library takes the square of them, or more: 30 s for 80,000. */
const HEADER_LINES_MAX = 1_000
/** Also of a line, of which RFC 5322 (2.1.1) allows 998. */
const LINE_BYTES_MAX = 64 * 1024
const LINE_FEED = 0x0a
const KEY_BITS_MIN = 1_024
const NOTHING: Provenance = { lacks: [] }
/** RFC 8301: SHA-1 proves nothing any more. */
const ALGORITHMS = ['rsa-sha256', 'ed25519-sha256']

/**
 * The signature (RFC 6376) of the domain of the mail's address, or of one above it in the same organisation
 * (RFC 7489, 3.1.1, but no sibling and no domain below). It covers `From`, and no `l=` leaves a part of the body
 * open to whoever passes it on. It asks nobody: keys that are not in `keys` are named.
 */
export async function proofOf(
  raw: Uint8Array,
  { from, once }: Pick<Incoming, 'from' | 'once'>,
  keys: KeyRecords,
  nowMs: number,
): Promise<Provenance> {
  const domain = domainOf(from)
  const signatures = signatureHeaders(raw)
  const isProvable =
    domain !== '' && once.has('from') && !signatures.some(leavesRoom) && !hasLongLine(raw)
  if (!isProvable || signatures.length === 0 || signatures.length > SIGNATURES_MAX) return NOTHING
  const lacks = new Set<string>()
  const resolver = (name: string) => {
    const records = keys.get(name)
    if (records !== undefined) return Promise.resolve(records.map((parts) => [...parts]))
    lacks.add(name)
    return Promise.reject(Object.assign(new Error('not asked yet'), { code: 'ENOTFOUND' }))
  }
  // Loaded with the first mail that is signed.
  const { dkimVerify } = await import('mailauth/lib/dkim/verify.js')
  const { results } = await dkimVerify(Buffer.from(raw), {
    resolver,
    minBitLength: KEY_BITS_MIN,
    curTime: new Date(nowMs),
  })
  for (const found of results as readonly Verified[]) {
    const { status, signingDomain = '', algo = '', signature = '' } = found
    const by = signingDomain.toLowerCase()
    const isAligned = Boolean(status.aligned) && (domain === by || domain.endsWith(`.${by}`))
    const covers = new Set(found.signingHeaders?.keys?.toLowerCase().split(': '))
    const isValid = status.result === 'pass' && found.signatureTimeValid !== false
    if (!isValid || !isAligned || !ALGORITHMS.includes(algo.toLowerCase())) continue
    if (!covers.has('from')) continue
    const fingerprint = createHash('sha256').update(signature).digest('hex')
    return { signed: { covers, fingerprint }, lacks: [] }
  }
  return { lacks: [...lacks] }
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

/** Whether it signs a part of the body alone. */
function leavesRoom(signature: string): boolean {
  return signature.split(';').some((tag) => tag.split('=', 1)[0]?.trim().toLowerCase() === 'l')
}

function hasLongLine(raw: Uint8Array): boolean {
  let start = 0
  while (raw.length - start > LINE_BYTES_MAX) {
    const end = raw.indexOf(LINE_FEED, start)
    if (end < 0 || end - start > LINE_BYTES_MAX) return true
    start = end + 1
  }
  return false
}

/** Values of the DKIM-Signature fields, unfolded; none where the header is longer than any that is honest. */
function signatureHeaders(raw: Uint8Array): readonly string[] {
  const text = Buffer.from(raw).toString('latin1')
  const lines = text.replaceAll('\r\n', '\n')
  const end = lines.indexOf('\n\n')
  const header = lines.slice(0, end < 0 ? lines.length : end)
  if (header.split('\n', HEADER_LINES_MAX + 1).length > HEADER_LINES_MAX) return []
  return header
    .replace(/\n[ \t]/g, ' ')
    .split('\n')
    .map((line) => [line, line.indexOf(':')] as const)
    .filter(([line, colon]) => line.slice(0, colon).trim().toLowerCase() === 'dkim-signature')
    .map(([line, colon]) => line.slice(colon + 1))
}
