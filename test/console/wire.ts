import { type AddressInfo, connect, createServer } from 'node:net'
import { pipeline } from 'node:stream'

/** Bytes of a file that are looked for in what is sent, at so many places. */
const WINDOW_BYTES = 12
const WINDOWS = 200

/** All that reaches the server, byte for byte: what a browser tells of its requests leaves out files. */
export async function openWire(to: string) {
  let bytes: Buffer[] = []
  const { hostname, port } = new URL(to)
  const wire = createServer((near) => {
    const far = connect(Number(port), hostname)
    near.on('data', (chunk: Buffer) => bytes.push(chunk))
    // An end that is lost takes the other with it: a browser asks again on a connection that closed, and waits on one
    // that only fell silent.
    pipeline(near, far, near, () => undefined)
  })
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${String((wire.address() as AddressInfo).port)}`,
    /** As it is, and as a form is read that writes bytes in other signs. */
    sent() {
      const text = Buffer.concat(bytes).toString('latin1')
      const read = text.replace(/%([0-9A-F]{2})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
      return `${text}\n${read}`
    },
    clear() {
      bytes = []
    },
    close: () => new Promise((resolve) => wire.close(resolve)),
  }
}

export type Wire = Awaited<ReturnType<typeof openWire>>

/** Which pieces of a file stand in what was sent: as bytes, in hex or in base64. */
export function piecesIn(sent: string, bytes: Uint8Array): readonly string[] {
  const step = Math.max(1, Math.floor(bytes.length / WINDOWS))
  const pieces = Array.from({ length: WINDOWS }, (_, at) => {
    // From a multiple of three, or base64 would cut it elsewhere.
    const from = Math.floor((at * step) / 3) * 3
    const piece = Buffer.from(bytes.subarray(from, from + WINDOW_BYTES))
    return piece.length < WINDOW_BYTES
      ? []
      : [piece.toString('latin1'), piece.toString('hex'), piece.toString('base64')]
  })
  return pieces.flat().filter((piece) => sent.includes(piece))
}
