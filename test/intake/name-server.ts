import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv4 } from 'node:net'

const TYPE_A = 1
const TYPE_CNAME = 5
const TYPE_AAAA = 28
const HEADER_BYTES = 12
const SERVFAIL = 2
const NXDOMAIN = 3
const CHAIN_MAX = 10

interface NameServer {
  /** `address:port` */
  readonly address: string
  close(): Promise<void>
}

/** What a name has: addresses, another name, or a fault. */
export type NameEntry =
  | readonly string[]
  | { readonly cname: string }
  | 'servfail'
  /** No answer at all. */
  | 'silent'

/** A real, small DNS server (RFC 1035) on loopback that knows the names of the table. */
export async function nameServer(table: Readonly<Record<string, NameEntry>>): Promise<NameServer> {
  const socket = createSocket('udp4')
  socket.on('message', (query, peer) => {
    const answer = answerTo(query, new Map(Object.entries(table)))
    if (answer !== undefined) socket.send(answer, peer.port, peer.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async close() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

function answerTo(query: Buffer, table: ReadonlyMap<string, NameEntry>): Buffer | undefined {
  const labels: string[] = []
  let end = HEADER_BYTES
  for (let length = query.readUInt8(end); length > 0; length = query.readUInt8(end)) {
    labels.push(query.toString('latin1', end + 1, end + 1 + length))
    end += 1 + length
  }
  const type = query.readUInt16BE(end + 1)
  const question = query.subarray(HEADER_BYTES, end + 5)
  const name = labels.join('.').toLowerCase()
  const known = table.get(name)
  if (known === 'silent') return undefined
  const records = known === 'servfail' ? [] : recordsOf(name, type, table)
  const code = known === undefined ? NXDOMAIN : known === 'servfail' ? SERVFAIL : 0
  const header = Buffer.alloc(HEADER_BYTES)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(0x8180 | code, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records.length, 6)
  return Buffer.concat([header, question, ...records])
}

/** What a resolver answers: the chain of aliases, then what its last name has. */
function recordsOf(name: string, type: number, table: ReadonlyMap<string, NameEntry>): Buffer[] {
  const records: Buffer[] = []
  let current = name
  for (let length = 0; length < CHAIN_MAX; length += 1) {
    const entry = table.get(current)
    if (entry === undefined || typeof entry === 'string') return records
    if (!('cname' in entry)) {
      const addresses = entry
        .filter((address) => type === (isIPv4(address) ? TYPE_A : TYPE_AAAA))
        .map((address) => recordOf(current, type, addressBytes(address)))
      return [...records, ...addresses]
    }
    records.push(recordOf(current, TYPE_CNAME, nameBytes(entry.cname)))
    if (type === TYPE_CNAME) return records
    current = entry.cname
  }
  return records
}

function recordOf(name: string, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10)
  fixed.writeUInt16BE(type, 0)
  fixed.writeUInt16BE(1, 2)
  fixed.writeUInt32BE(60, 4)
  fixed.writeUInt16BE(data.length, 8)
  return Buffer.concat([nameBytes(name), fixed, data])
}

function nameBytes(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]))
  return Buffer.concat([...labels, Buffer.from([0])])
}

/** IPv6 with all its eight groups. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const groups = address.split(':').map((group) => group.padStart(4, '0'))
  return Buffer.from(groups.join(''), 'hex')
}
