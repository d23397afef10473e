import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * A feed may rest, but not for ever: calls `end` when no byte went either way for `idleMs` though
 * nothing is being worked on, and hangs up where answers wait that the client does not take.
 */
export function endWhenIdle(
  request: FastifyRequest,
  reply: FastifyReply,
  idleMs: number,
  feed: {
    readonly untaken: () => boolean
    readonly working: () => boolean
    readonly end: () => void
  },
): void {
  reply.raw.setTimeout(idleMs, () => {
    if (feed.untaken() || reply.raw.writableLength > 0) request.raw.socket.destroy()
    // What is worked on is answered, and that answer sets the time anew.
    else if (!feed.working()) feed.end()
  })
}
