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

/** How many signatures are looked up: more than any honest mail has cost a look-up each. */
const SIGNATURES_MAX = 8
const KEY_BITS_MIN = 1_024
/** RFC 8301: SHA-1 proves nothing any more. */
const ALGORITHMS = ['rsa-sha256', 'ed25519-sha256']

/**
 * The signature (RFC 6376) of the domain of the mail's address, or of one above it in the same organisation
 * (RFC 7489, 3.1.1, but no sibling and no domain below). It covers `From`, and no `l=` leaves a part of the body
 * open to whoever passes it on. Undefined where there is none, or the DNS does not answer.
 */
export async function signedBy(
  raw: Uint8Array,
  { from, once }: Pick<Incoming, 'from' | 'once'>,
  { texts, nowMs }: { readonly texts: TextRecords | undefined; readonly nowMs: number },
): Promise<Signed | undefined> {
  const domain = domainOf(from)
  if (texts === undefined || domain === '' || !once.has('from')) return undefined
  const signatures = signatureHeaders(raw)
  if (signatures.length === 0 || signatures.length > SIGNATURES_MAX) return undefined
  if (signatures.some(leavesRoom)) return undefined
  // Loaded with the first mail that is signed: no command waits for it.
  const { dkimVerify } = await import('mailauth/lib/dkim/verify.js')
  const { results } = await dkimVerify(Buffer.from(raw), {
    resolver: async (name: string) => (await texts(name)).map((parts) => [...parts]),
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
    return { covers, fingerprint }
  }
  return undefined
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

/** Whether it signs a part of the body alone. */
function leavesRoom(signature: string): boolean {
  return signature.split(';').some((tag) => tag.split('=', 1)[0]?.trim().toLowerCase() === 'l')
}

/** Values of the DKIM-Signature fields, unfolded. */
function signatureHeaders(raw: Uint8Array): readonly string[] {
  const text = Buffer.from(raw).toString('latin1')
  const lines = text.replaceAll('\r\n', '\n')
  const end = lines.indexOf('\n\n')
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .replace(/\n[ \t]/g, ' ')
    .split('\n')
    .map((line) => [line, line.indexOf(':')] as const)
    .filter(([line, colon]) => line.slice(0, colon).trim().toLowerCase() === 'dkim-signature')
    .map(([line, colon]) => line.slice(colon + 1))
}
