/** Undoes Snappy (format_description.txt of google/snappy). Throws RangeError for what is none. */
export function unsnappy(packed: Buffer): Buffer {
  const { value: length, end } = varint(packed, 0)
  const plain = Buffer.alloc(length)
  let from = end
  let to = 0
  while (from < packed.length) {
    const tag = packed.readUInt8(from)
    const upper = tag >>> 2
    from += 1
    if ((tag & 3) === 0) {
      const extra = Math.max(0, upper - 59)
      const bytes = 1 + (extra === 0 ? upper : packed.readUIntLE(from, extra))
      from += extra
      to += packed.copy(plain, to, from, from + bytes)
      from += bytes
      continue
    }
    const isShort = (tag & 3) === 1
    const extra = isShort ? 1 : (tag & 3) === 2 ? 2 : 4
    const low = packed.readUIntLE(from, extra)
    const back = isShort ? ((upper >>> 3) << 8) | low : low
    const bytes = isShort ? 4 + (upper & 7) : 1 + upper
    from += extra
    if (back === 0 || back > to) throw new RangeError('a copy from before the beginning')
    // A copy may overlap what it makes.
    for (const last = to + bytes; to < last; to += 1)
      plain.writeUInt8(plain.readUInt8(to - back), to)
  }
  if (to !== length) throw new RangeError('of another length than was said')
  return plain
}

/** A number of 7 bits a byte, the lowest first, and where it ends. Throws RangeError. */
export function varint(
  bytes: Buffer,
  start: number,
): { readonly value: number; readonly end: number } {
  let value = 0
  for (let position = start; ; position += 1) {
    const byte = bytes.readUInt8(position)
    value += (byte & 0x7f) * 2 ** (7 * (position - start))
    if (byte < 0x80) return { value, end: position + 1 }
  }
}
