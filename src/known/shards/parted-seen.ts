/** Versions of the bytes of `native/features/seen.h`: what servers of before read, and what is written since. */
const OF_BEFORE = 2
const WHOLE = 3
/** Of the last number: of how many bytes the part before it is. */
const COUNT_BYTES = 4

/**
 * What a picture that is looked for has, as servers read it that are not upgraded yet, and apart from it the part that
 * they do not know: houses are upgraded one server after the other. A newer server that is asked without that part
 * finds a little less.
 */
export interface SeenHalves {
  readonly seen: Uint8Array
  readonly unsure: Uint8Array | undefined
}

/** Both are copies: who gave the whole may use it again. */
export function partedSeen(whole: Uint8Array): SeenHalves {
  if (whole[0] !== WHOLE) return { seen: new Uint8Array(whole), unsure: undefined }
  const counted = Buffer.from(whole.buffer, whole.byteOffset, whole.length)
  const at = whole.length - COUNT_BYTES - counted.readUInt32LE(whole.length - COUNT_BYTES)
  const seen = new Uint8Array(whole.subarray(0, at))
  seen[0] = OF_BEFORE
  return { seen, unsure: new Uint8Array(whole.subarray(at)) }
}

export function joinedSeen({ seen, unsure }: SeenHalves): Uint8Array {
  if (unsure === undefined) return seen
  const whole = Buffer.concat([seen, unsure])
  whole[0] = WHOLE
  return whole
}
