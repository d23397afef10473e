import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'

const ANSWERED = 'http.client.response.finish'
const BROKEN = 'http.client.request.error'
/** What a server says that ends, starts or has lost its database for a while; a client sends again what it says it of. */
const OF_A_WHILE: readonly string[] = ['503', '507']

/**
 * What clients in this process were answered by one server, try by try: each status, and each way in which a connection
 * broke, with how often it came.
 */
export class Answers {
  readonly #host: string
  readonly #counts = new Map<string, number>()

  /** @param url Of the server */
  constructor(url: string) {
    this.#host = new URL(url).host
    subscribe(ANSWERED, this.#answered)
    subscribe(BROKEN, this.#broken)
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  /** Of a server at fault: no trouble, and no other version beside it, excuses these. */
  get faults(): readonly string[] {
    return [...this.#counts]
      .filter(([how]) => how.startsWith('5') && !OF_A_WHILE.includes(how))
      .map(([how, times]) => `${times} requests were answered ${how}`)
  }

  end(): void {
    unsubscribe(ANSWERED, this.#answered)
    unsubscribe(BROKEN, this.#broken)
  }

  readonly #answered = (message: unknown) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage }
    this.#count(request, String(response.statusCode))
  }

  readonly #broken = (message: unknown) => {
    const { request, error } = message as { request: ClientRequest; error: NodeJS.ErrnoException }
    this.#count(request, error.code ?? error.name)
  }

  #count(request: ClientRequest, how: string): void {
    if (request.getHeader('host') !== this.#host) return
    this.#counts.set(how, (this.#counts.get(how) ?? 0) + 1)
  }
}
