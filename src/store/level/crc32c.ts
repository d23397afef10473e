/** Castagnoli's, reversed. */
const POLYNOMIAL = 0x82f63b78
const VALUES = 256
/** Bytes that are taken at once. */
const SLICES = 4
const MASK_DELTA = 0xa282ead8

/** What a byte adds that stands so many bytes before the end of a slice: 256 values each. */
const TABLE = new Int32Array(SLICES * VALUES)
for (let value = 0; value < VALUES; value += 1) {
  let sum = value
  for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ ((sum & 1) * POLYNOMIAL)
  TABLE[value] = sum
}
for (let place = VALUES; place < TABLE.length; place += 1) {
  const before = tabled(place - VALUES)
  TABLE[place] = (before >>> 8) ^ tabled(before & 0xff)
}

/** The checksum of LevelDB's files (RFC 3720, appendix B.4), of the bytes from `start` to `end`. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let sum = -1
  let position = start
  for (; position + SLICES <= end; position += SLICES) {
    const low = byte(bytes, position) | (byte(bytes, position + 1) << 8)
    sum ^= low | (byte(bytes, position + 2) << 16) | (byte(bytes, position + 3) << 24)
    sum =
      tabled(3 * VALUES + (sum & 0xff)) ^
      tabled(2 * VALUES + ((sum >>> 8) & 0xff)) ^
      tabled(VALUES + ((sum >>> 16) & 0xff)) ^
      tabled(sum >>> 24)
  }
  for (; position < end; position += 1) {
    sum = (sum >>> 8) ^ tabled((sum ^ byte(bytes, position)) & 0xff)
  }
  return ~sum >>> 0
}

/** As LevelDB writes a checksum, so that one of bytes that hold checksums means something. */
export function masked(sum: number): number {
  return (((sum >>> 15) | (sum << 17)) + MASK_DELTA) >>> 0
}

function tabled(place: number): number {
  return TABLE[place] ?? 0
}

function byte(bytes: Uint8Array, position: number): number {
  return bytes[position] ?? 0
}
