/** See `native/features/known.h`: a header, the code of texture, brightness and chroma, then the features. */
const HEADER_BYTES = 8
const CODE_BYTES = 1500
/** What the code of each version takes. */
const CODES_OF_BEFORE = { 1: 1296, 2: 1352 } as const

/** What an earlier version would have kept of the picture: base64, as what is kept today. */
export function featuresOfBefore(features: string, version: keyof typeof CODES_OF_BEFORE): string {
  const known = Buffer.from(features, 'base64')
  known[0] = version
  return Buffer.concat([
    known.subarray(0, HEADER_BYTES + CODES_OF_BEFORE[version]),
    known.subarray(HEADER_BYTES + CODE_BYTES),
  ]).toString('base64')
}
