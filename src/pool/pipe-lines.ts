import type { Writable } from 'node:stream'
import { HindraError } from '../errors.ts'

const NEWLINE = 0x0a

/** A line of JSON, and the bytes that follow it where `bytes` says how many. */
export interface PipeLine {
  readonly head: unknown
  readonly payload: Uint8Array<ArrayBuffer>
}

/** The payload, of any number of parts, is read as it is sent: its owner leaves it alone until it is. */
export function writePipeLine(
  sink: Writable,
  head: object,
  payload: readonly Uint8Array[] = [],
): void {
  const bytes = payload.reduce((sum, part) => sum + part.length, 0)
  sink.write(`${JSON.stringify({ ...head, bytes })}\n`)
  for (const part of payload) sink.write(part)
}

/**
 * Each payload is alone in its ArrayBuffer. Throws WORKER_DIED over what is no such line, or is longer than `bytesMax`,
 * head or payload; what a head says beyond `bytes` is as it was written.
 */
export async function* readPipeLines(
  source: AsyncIterable<Uint8Array>,
  bytesMax = Number.POSITIVE_INFINITY,
): AsyncGenerator<PipeLine> {
  let line: Uint8Array[] = []
  let lineBytes = 0
  let open: { head: unknown; payload: Uint8Array<ArrayBuffer>; filled: number } | undefined
  for await (const chunk of source) {
    let rest = chunk
    while (rest.length > 0) {
      if (open === undefined) {
        const end = rest.indexOf(NEWLINE)
        const part = end === -1 ? rest : rest.subarray(0, end)
        line.push(part)
        lineBytes += part.length
        if (lineBytes > bytesMax) throw noLine()
        if (end === -1) break
        const head = headOf(Buffer.concat(line), bytesMax)
        line = []
        lineBytes = 0
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

function headOf(line: Buffer, bytesMax: number): { readonly bytes: number } {
  try {
    const head = JSON.parse(line.toString()) as { readonly bytes: number }
    if (Number.isInteger(head.bytes) && head.bytes >= 0 && head.bytes <= bytesMax) return head
  } catch (cause) {
    throw noLine(cause)
  }
  throw noLine()
}

function noLine(cause?: unknown): HindraError {
  return new HindraError('WORKER_DIED', 'what came through the pipe is no line', { cause })
}
