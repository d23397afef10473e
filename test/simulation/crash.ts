import type { Fetcher, Resolver } from '../../src/intake/index.ts'
import type { Post } from '../../src/post/index.ts'
import type { Store } from '../../src/store/index.ts'
import type { Mailbox } from '../../src/mails/index.ts'
import type { MailTransport } from '../../src/takedown/index.ts'
import { storeOver } from '../store-over.ts'

/** The process is gone: whatever awaits this is never gone on with. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** What comes in the midst of what a process does, at the point that many from where it begins. */
export interface Trouble {
  /**
   * It dies; is frozen, and may wake; or is cut off from the store, and may come back.
   */
  readonly kind: 'die' | 'freeze' | 'cut'
  readonly after: number
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
  #kind: Trouble['kind'] = 'die'
  #over = false
  #hasBegun = false
  #isCut = false
  #frozen: PromiseWithResolvers | undefined
  #stuck = withResolvers()
  #back = withResolvers()

  /** @param witness Told of every point that is passed. */
  constructor(witness: (what: string) => void) {
    this.#witness = witness
  }

  /** It has started: what it does is told of from now on. */
  begin(): void {
    this.#hasBegun = true
  }

  expect(trouble: Trouble | undefined): void {
    this.#left = trouble?.after ?? Infinity
    this.#kind = trouble?.kind ?? 'die'
  }

  /** Resolves once it is frozen, or waits for a store from which it is cut off. */
  get stuck(): Promise<void> {
    return this.#stuck.promise
  }

  get isFrozen(): boolean {
    return this.#frozen !== undefined
  }

  get isCut(): boolean {
    return this.#isCut
  }

  get isStuck(): boolean {
    return this.isFrozen || this.isCut
  }

  /** Resolves when it is neither frozen nor cut off: whoever asks waits for that. */
  async answers(): Promise<void> {
    if (!this.isStuck) return
    this.#stuck.resolve()
    await this.#back.promise
  }

  /** It goes on where it was, and its line is there again. */
  wake(): void {
    const { resolve: goOn } = this.#frozen ?? {}
    const { resolve: back } = this.#back
    this.#frozen = undefined
    this.#isCut = false
    this.#stuck = withResolvers()
    this.#back = withResolvers()
    goOn?.()
    back()
  }

  get over(): boolean {
    return this.#over
  }

  /** Undefined where there is nothing to wait for. */
  point(what: string): Promise<void> | undefined {
    if (this.#over) throw new Crash('the process is gone')
    if (this.#frozen !== undefined) return this.#thaw(this.#frozen.promise)
    if (this.#hasBegun) this.#witness(what)
    this.#left -= 1
    if (this.#left > 0) return undefined
    this.#left = Infinity
    if (this.#kind === 'cut') {
      this.#isCut = true
      return undefined
    }
    if (this.#kind === 'freeze') {
      this.#frozen = withResolvers()
      this.#stuck.resolve()
      return this.#thaw(this.#frozen.promise)
    }
    this.#over = true
    throw new Crash('the process dies here')
  }

  async #thaw(isBack: Promise<void>): Promise<void> {
    await isBack
    if (this.#over) throw new Crash('the process is gone')
  }

  /** A call of the outer world: the process can die before it, or before it hears the answer. */
  async call<T>(what: string, work: () => Promise<T>): Promise<T> {
    const here = this.point(what)
    if (here !== undefined) await here
    try {
      return await work()
    } finally {
      const heard = this.point('heard')
      if (heard !== undefined) await heard
    }
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>
  readonly resolve: () => void
}

function withResolvers(): PromiseWithResolvers {
  let resolve = (): void => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
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
          const mailed = life.point('mailbox')
          if (mailed !== undefined) await mailed
          yield { raw: mail.raw, done: (flag) => life.call('mail done', () => mail.done(flag)) }
        }
      },
    },
  } satisfies Outside
}

function storeOf(life: Life, store: Store): Store {
  const closing = new AbortController()
  return storeOver(store, {
    transact: (work) =>
      life.call('transaction', () =>
        store.transact(async (tx) => {
          const result = await work(tx)
          const commit = life.point('commit')
          if (commit !== undefined) await commit
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
    scrub: (keys) => life.call('scrub', () => store.scrub(keys)),
    close: () => {
      closing.abort()
      // Of a memory that it has alone, which outlives it, there is nothing to give back.
      return store.isShared && !life.over ? store.close() : Promise.resolve()
    },
  })
}

async function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true })
  })
}
