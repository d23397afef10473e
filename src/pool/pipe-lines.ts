import type { Writable } from 'node:stream'

const NEWLINE = 0x0a

/** A line of JSON, and the bytes that follow it where `bytes` says how many. */
export interface PipeLine {
  readonly head: unknown
  readonly payload: Uint8Array<ArrayBuffer>
}

/** The payload is read as it is sent: its owner leaves it alone until the other side has answered. */
export function writePipeLine(sink: Writable, head: object, payload?: Uint8Array): void {
  sink.write(`${JSON.stringify({ ...head, bytes: payload?.length ?? 0 })}\n`)
  if (payload !== undefined) sink.write(payload)
}

/** Each payload is alone in its ArrayBuffer. Trusts who wrote it. */
export async function* readPipeLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<PipeLine> {
  let line: Uint8Array[] = []
  let open: { head: unknown; payload: Uint8Array<ArrayBuffer>; filled: number } | undefined
  for await (const chunk of source) {
    let rest = chunk
    while (rest.length > 0) {
      if (open === undefined) {
        const end = rest.indexOf(NEWLINE)
        if (end === -1) {
          line.push(rest)
          break
        }
        const head = JSON.parse(Buffer.concat([...line, rest.subarray(0, end)]).toString()) as {
          readonly bytes: number
        }
        line = []
        rest = rest.subarray(end + 1)
        open = { head, payload: new Uint8Array(head.bytes), filled: 0 }
      } else {
        const taken = rest.subarray(0, open.payload.length - open.filled)
        open.payload.set(taken, open.filled)
        open.filled += taken.length
        rest = rest.subarray(taken.length)
      }
      if (open.filled < open.payload.length) continue
      yield { head: open.head, payload: open.payload }
      open = undefined
    }
  }
}
