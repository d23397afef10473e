/** Number and holder of the autonomous system that announces an address. */
export interface AsEntry {
  readonly asn: number
  readonly name: string
}

/** Ranges of addresses, sorted: one of IPv4, one of the upper halves of IPv6. */
export interface AsTable {
  find(address: readonly number[]): AsEntry | undefined
  readonly ranges: number
}

interface Ranges {
  readonly starts: BigUint64Array
  readonly ends: BigUint64Array
  readonly asns: Uint32Array
}

const NEWLINE = 0x0a
/** Of IPv6 only the network half is compared: nobody announces less than a /64. */
const HOST_HALF_BITS = 64n

/**
 * Reads `start,end,asn,"holder"` lines with addresses as whole numbers (the npm package
 * @ip-location-db/asn has them as asn-ipv4-num.csv and asn-ipv6-num.csv), sorted by start.
 * Throws Error naming the line that is not like that.
 */
export function readAsTable(ipv4: Buffer, ipv6: Buffer): AsTable {
  const names = new Map<number, string>()
  const four = readRanges(ipv4, names, 0n)
  const six = readRanges(ipv6, names, HOST_HALF_BITS)
  return {
    ranges: four.asns.length + six.asns.length,
    find(address) {
      const isFour = address.length === 4
      const value = address
        .slice(0, isFour ? 4 : 8)
        .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
      const asn = search(isFour ? four : six, value)
      return asn === undefined ? undefined : { asn, name: names.get(asn) ?? '' }
    },
  }
}

function readRanges(csv: Buffer, names: Map<number, string>, shift: bigint): Ranges {
  const starts: bigint[] = []
  const ends: bigint[] = []
  const asns: number[] = []
  let line = 0
  for (let from = 0; from < csv.length; ) {
    line += 1
    const found = csv.indexOf(NEWLINE, from)
    const end = found === -1 ? csv.length : found
    const text = csv.toString('utf8', from, end)
    from = end + 1
    if (text.trim() === '') continue
    const row = /^(\d+),(\d+),(\d+),"?(.*?)"?\r?$/.exec(text)
    if (row === null) throw new Error(`line ${line} is not start,end,asn,holder`)
    const asn = Number(row[3])
    starts.push(BigInt(row[1] ?? '') >> shift)
    ends.push(BigInt(row[2] ?? '') >> shift)
    asns.push(asn)
    if (!names.has(asn)) names.set(asn, (row[4] ?? '').replaceAll('""', '"'))
  }
  return {
    starts: BigUint64Array.from(starts),
    ends: BigUint64Array.from(ends),
    asns: Uint32Array.from(asns),
  }
}

/** The last range that starts at or before the value, if it reaches that far. */
function search({ starts, ends, asns }: Ranges, value: bigint): number | undefined {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] ?? 0n) <= value) low = middle + 1
    else high = middle
  }
  const position = low - 1
  return position >= 0 && (ends[position] ?? 0n) >= value ? asns[position] : undefined
}
