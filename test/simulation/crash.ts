import type { Fetcher, Resolver } from '../../src/intake/index.ts'
import type { Post } from '../../src/post/index.ts'
import type { Store } from '../../src/store/index.ts'
import type { Mailbox } from '../../src/mails/index.ts'
import type { MailTransport } from '../../src/takedown/index.ts'

/** The process is gone: whatever awaits this is never gone on with. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/**
 * A life of the process, which ends at a given one of its points: before and after each call of the
 * outer world (network, names, mail, mailbox), and before, right at and after each commit. Between two
 * points nothing changes but memory, which dies with the process: an end at any other await is one of
 * these. After its end nothing it does has an effect.
 */
export class Life {
  readonly #witness: (what: string) => void
  #left = Infinity
  #over = false
  #hasBegun = false

  /** @param witness Told of every point that is passed. */
  constructor(witness: (what: string) => void) {
    this.#witness = witness
  }

  /** It has started: what it does is told of from now on. */
  begin(): void {
    this.#hasBegun = true
  }

  /** Dies at the point that many from here. */
  dieAfter(points: number): void {
    this.#left = points
  }

  get over(): boolean {
    return this.#over
  }

  point(what: string): void {
    if (this.#over) throw new Crash('the process is gone')
    if (this.#hasBegun) this.#witness(what)
    this.#left -= 1
    if (this.#left > 0) return
    this.#over = true
    throw new Crash('the process dies here')
  }

  /** A call of the outer world: the process can die before it, or before it hears the answer. */
  async call<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.point(what)
    try {
      return await work()
    } finally {
      this.point('heard')
    }
  }
}

/** What the process has of the world. */
export interface Outside {
  readonly store: Store
  readonly fetcher: Fetcher
  readonly resolver: Resolver
  readonly post: Post
  readonly transport: MailTransport
  readonly mailbox: Mailbox
}

/** The same as one life of the process sees it; what was done outlives it. */
export function outsideOf(life: Life, outside: Outside) {
  const { fetcher, resolver, post, transport, mailbox, store } = outside
  return {
    store: storeOf(life, store),
    fetcher: {
      fetch: (url, options) => life.call(`fetch ${url}`, () => fetcher.fetch(url, options)),
      close: () => Promise.resolve(),
    },
    resolver: { resolve: (name) => life.call(`name ${name}`, () => resolver.resolve(name)) },
    post: (url, ...rest) => life.call(`post ${url}`, () => post(url, ...rest)),
    transport: {
      send: (mail) => life.call(`mail ${mail.messageId}`, () => transport.send(mail)),
      verify: () => transport.verify(),
      close: () => undefined,
    },
    mailbox: {
      async *waiting(limit) {
        for await (const mail of mailbox.waiting(limit)) {
          life.point('mailbox')
          yield { raw: mail.raw, done: (flag) => life.call('mail done', () => mail.done(flag)) }
        }
      },
    },
  } satisfies Outside
}

function storeOf(life: Life, store: Store): Store {
  const closing = new AbortController()
  return {
    transact: (work) =>
      life.call('transaction', () =>
        store.transact(async (tx) => {
          const result = await work(tx)
          life.point('commit')
          return result
        }),
      ),
    read: (work) => life.call('read', () => store.read(work)),
    /**
     * Who follows hears of nothing until the end: at which moment a follower wakes is the machine's
     * to say, not the seed's. Whoever needs to be up to date catches up by itself.
     */
    async *changes(prefix, after, { signal } = {}) {
      if (signal === undefined) yield* store.changes(prefix, after)
      else await ended(AbortSignal.any([signal, closing.signal]))
    },
    writable: () => store.writable(),
    version: () => store.version(),
    checkedAt: () => store.checkedAt(),
    recentChanges: (prefix, after) => store.recentChanges(prefix, after),
    damaged: () => store.damaged(),
    keepVersions: (key, versions) => store.keepVersions(key, versions),
    hasVersions: () => store.hasVersions(),
    check: (signal) => store.check(signal),
    checkRecords: (signal) => store.checkRecords(signal),
    lease: (name) => store.lease(name),
    isShared: store.isShared,
    sure: () => store.sure(),
    restOn: (key, changed) => {
      store.restOn(key, changed)
    },
    leaseHolders: () => store.leaseHolders(),
    others: () => store.others(),
    scrub: (keys) => life.call('scrub', () => store.scrub(keys)),
    dump: () => store.dump(),
    close: () => {
      closing.abort()
      return Promise.resolve()
    },
  }
}

async function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true })
  })
}
