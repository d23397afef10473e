import type { IncomingMessage } from 'node:http'
import { createTally } from '../../core/index.ts'

/** Bytes of bodies that are held at once, of all and from one address; a body of this house has a few MiB at most. */
const HELD_BYTES_MAX = 256 * 1024 * 1024
const ADDRESS_BYTES_MAX = HELD_BYTES_MAX / 4

/**
 * The bodies of requests, for which there is so much room. Whoever sends one is known when all of it is there, and not
 * before: so what came is counted, and not what was announced, and one address has no more than its share.
 */
export interface HeldBodies {
  /** Reads a body as it comes, and holds its room until `use` is done with it. Undefined where there is none. */
  hold<Answer>(
    request: IncomingMessage,
    use: (body: Uint8Array) => Promise<Answer>,
  ): Promise<Answer | undefined>
}

export function createHeldBodies(): HeldBodies {
  const held = createTally()
  return {
    async hold(request, use) {
      const { remoteAddress = '' } = request.socket
      const pieces: Buffer[] = []
      let bytes = 0
      try {
        // What is refused is answered, which a stream that is destroyed at the end of the loop could not be.
        for await (const piece of request.iterator({ destroyOnReturn: false })) {
          // A request without an encoding gives bytes.
          const came = piece as Buffer
          bytes += came.length
          held.add(remoteAddress, came.length)
          const isFull = held.total > HELD_BYTES_MAX || held.of(remoteAddress) > ADDRESS_BYTES_MAX
          if (isFull) return undefined
          pieces.push(came)
        }
        return await use(Buffer.concat(pieces))
      } finally {
        held.add(remoteAddress, -bytes)
      }
    },
  }
}
