import { serveReadingRoom } from '../../src/core/index.ts'
import { readIncoming } from '../../src/takedown/inbox/incoming.ts'

/** As the worker of the product, but for a parser that some words hang up. */
serveReadingRoom((raw: Uint8Array) => {
  while (Buffer.from(raw).includes('hang here'));
  return readIncoming(raw)
})
