/**
 * What digests look like where somebody chose a text: 128 bits in hex or base32, 256 in base64. UUIDs have dashes, and
 * ULIDs are shorter.
 */
const DIGEST = /[0-9a-z]{32}|[\w+/-]{43}/i

/** Whether a text which others chose may hold the hash of media. */
export function mayHoldDigest(text: string): boolean {
  return DIGEST.test(text)
}
