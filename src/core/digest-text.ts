/**
 * What digests look like where somebody chose a text: 128 bits in hex or base32, 256 in base64. UUIDs have dashes, and
 * ULIDs are shorter.
 */
const DIGEST = /(?<![\w+/-])[\w+/-]{43,}|(?<![0-9a-z])[0-9a-z]{32,}/i
const ALL_DIGESTS = new RegExp(DIGEST, 'gi')
/** So many tell two of a list apart, and are no hash. */
const SHOWN_CHARS = 8
/** It is shorter than 128 bits are in base64, and has no 64 bits in hex. */
const NAME = /^(?!.*[0-9a-f]{16})[a-z_][\w-]{0,20}$/i

/** Whether a text which others chose may hold the hash of media. */
export function mayHoldDigest(text: string): boolean {
  return DIGEST.test(text)
}

/** The text with the beginning alone of what may be a hash in it. */
export function withoutDigests(text: string): string {
  return text.replace(ALL_DIGESTS, shortened)
}

export function shortened(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text
}

/** Whether a word that others chose is a name of theirs, and may be repeated: it cannot be a hash. */
export function isPlainName(text: string): boolean {
  return NAME.test(text)
}
