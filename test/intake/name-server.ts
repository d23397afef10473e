import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv4 } from 'node:net'

const TYPE_A = 1
const TYPE_AAAA = 28
const HEADER_BYTES = 12
const NXDOMAIN = 3

interface NameServer {
  /** `address:port` */
  readonly address: string
  close(): Promise<void>
}

/** A real, small DNS server (RFC 1035) on loopback that knows the names of the table. */
export async function nameServer(
  table: Readonly<Record<string, readonly string[]>>,
): Promise<NameServer> {
  const socket = createSocket('udp4')
  socket.on('message', (query, peer) => {
    socket.send(answerTo(query, table), peer.port, peer.address)
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

function answerTo(query: Buffer, table: Readonly<Record<string, readonly string[]>>): Buffer {
  const labels: string[] = []
  let end = HEADER_BYTES
  for (let length = query.readUInt8(end); length > 0; length = query.readUInt8(end)) {
    labels.push(query.toString('latin1', end + 1, end + 1 + length))
    end += 1 + length
  }
  const type = query.readUInt16BE(end + 1)
  const question = query.subarray(HEADER_BYTES, end + 5)
  const known = new Map(Object.entries(table)).get(labels.join('.').toLowerCase())
  const records = (known ?? [])
    .filter((address) => type === (isIPv4(address) ? TYPE_A : TYPE_AAAA))
    .map((address) => recordOf(address, type))
  const header = Buffer.alloc(HEADER_BYTES)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(0x8180 | (known === undefined ? NXDOMAIN : 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records.length, 6)
  return Buffer.concat([header, question, ...records])
}

function recordOf(address: string, type: number): Buffer {
  const data = isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address)
  const head = Buffer.alloc(HEADER_BYTES)
  // The name is a pointer to the question.
  head.writeUInt16BE(0xc000 | HEADER_BYTES, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(60, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

/** Of an address with all its eight groups. */
function ipv6Bytes(address: string): Buffer {
  return Buffer.from(
    address
      .split(':')
      .map((group) => group.padStart(4, '0'))
      .join(''),
    'hex',
  )
}
