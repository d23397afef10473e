import { setImmediate as turnOfEventLoop } from 'node:timers/promises'

/** Lines read in one go: half a million at once would keep everybody else waiting for a second or two. */
const LINES_A_TURN = 2_000

/** Number and holder of the autonomous system that announces an address. */
export interface AutonomousSystem {
  readonly asn: number
  readonly name: string
}

/** Ranges of addresses, sorted: of IPv4, and of the networks (/48) of IPv6. */
export interface AsTable {
  find(address: readonly number[]): AutonomousSystem | undefined
  readonly ranges: number
}

interface Ranges {
  readonly starts: Float64Array
  readonly ends: Float64Array
  readonly asns: Uint32Array
}

const WHOLE = /^\d+$/
/** How many bytes of an IPv6 address are compared: no network announces less than 48 bits. */
const IPV6_BYTES = 6
const IPV6_REST_BITS = 80n

/**
 * Reads `start,end,asn,"holder"` lines with addresses as whole numbers (the npm package
 * @ip-location-db/asn has them as asn-ipv4-num.csv and asn-ipv6-num.csv), sorted by start.
 * Others get their turn in between. Throws Error naming the line that is not like that.
 */
export async function readAsTable(ipv4: Buffer, ipv6: Buffer): Promise<AsTable> {
  const names = new Map<number, string>()
  const four = await readRanges(ipv4, names, Number)
  const six = await readRanges(ipv6, names, (text) => Number(BigInt(text) >> IPV6_REST_BITS))
  return {
    ranges: four.asns.length + six.asns.length,
    find(address) {
      const isFour = address.length === 4
      const value = address
        .slice(0, isFour ? 4 : IPV6_BYTES)
        .reduce((sum, byte) => sum * 256 + byte, 0)
      const asn = search(isFour ? four : six, value)
      return asn === undefined ? undefined : { asn, name: names.get(asn) ?? '' }
    },
  }
}

async function readRanges(
  csv: Buffer,
  names: Map<number, string>,
  read: (text: string) => number,
): Promise<Ranges> {
  const starts: number[] = []
  const ends: number[] = []
  const asns: number[] = []
  for (const line of linesOf(csv)) {
    if (asns.length % LINES_A_TURN === LINES_A_TURN - 1) await turnOfEventLoop()
    const [start = '', end = '', asn = ''] = line.split(',', 3)
    if (!WHOLE.test(start) || !WHOLE.test(end) || !WHOLE.test(asn)) {
      throw new Error(`line ${asns.length + 1} is not start,end,asn,holder`)
    }
    starts.push(read(start))
    ends.push(read(end))
    asns.push(Number(asn))
    if (names.has(Number(asn))) continue
    const holder = line.slice(start.length + end.length + asn.length + 3).trim()
    names.set(Number(asn), holder.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'))
  }
  return {
    starts: Float64Array.from(starts),
    ends: Float64Array.from(ends),
    asns: Uint32Array.from(asns),
  }
}

function* linesOf(csv: Buffer): Generator<string> {
  for (let from = 0; from < csv.length; ) {
    const end = csv.indexOf(0x0a, from)
    const to = end < 0 ? csv.length : end
    yield csv.toString('utf8', from, to)
    from = to + 1
  }
}

/** The last range that starts at or before the value, if it reaches that far. */
function search({ starts, ends, asns }: Ranges, value: number): number | undefined {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] ?? 0) <= value) low = middle + 1
    else high = middle
  }
  const position = low - 1
  return position >= 0 && (ends[position] ?? 0) >= value ? asns[position] : undefined
}
