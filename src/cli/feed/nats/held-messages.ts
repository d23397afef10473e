import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream'
import type { Patience } from '../../../client/index.ts'
import { SECOND_MS } from '../../../core/index.ts'
import type { Connection } from './connection.ts'
import type { MessageSource } from './consumer.ts'
import { asNatsError } from './errors.ts'
import { placeOf } from './message-line.ts'

/** How long one pull waits for messages. */
const PULL_MS = 10 * SECOND_MS
/** The shortest that JetStream's client takes: after it nothing waited. */
const LOOK_MS = SECOND_MS
/** A word is said of each message that is held before its time is up, even if one of them is lost. */
const WORDS_IN_ACK_WAIT = 3
/** Places that are remembered after their message was settled: the word of it may be lost with the connection. */
const SETTLED_MAX = 10_000

/** What JetStream is told of a message. */
export type MessageFate =
  | { readonly kind: 'acknowledged' }
  /** Never again. */
  | { readonly kind: 'terminated'; readonly reason: string }
  | { readonly kind: 'later'; readonly delayMs: number }

export interface HeldMessagesOptions {
  readonly heldMax: number
  /** Whether to wait for more where nothing waits. */
  readonly follow: boolean
  readonly patience: Patience
  readonly signal: AbortSignal
}

/** Messages of a consumer from their arrival until they are settled; no more of them than may be held. */
export class HeldMessages {
  readonly #connection: Connection
  readonly #from: MessageSource
  readonly #options: HeldMessagesOptions
  /** By place: as it was delivered last. */
  readonly #held = new Map<string, JsMsg>()
  readonly #settled = new Map<string, MessageFate>()
  readonly #words: NodeJS.Timeout
  #arrived: JsMsg[] = []
  #batch: ConsumerMessages | undefined
  #failure: { readonly error: unknown } | undefined
  #isOver = false
  /** Who waits for a message, or for room. */
  #waiting: (() => void)[] = []

  constructor(connection: Connection, from: MessageSource, options: HeldMessagesOptions) {
    this.#connection = connection
    this.#from = from
    this.#options = options
    this.#words = setInterval(() => {
      this.#sayWorking()
    }, from.ackWaitMs / WORDS_IN_ACK_WAIT)
    options.signal.addEventListener('abort', () => {
      this.#end()
    })
    // What is asked for behind a break would come on top of what came before it.
    connection.onBreak(() => {
      this.#batch?.stop()
    })
    connection.refused.catch((error: unknown) => {
      this.fail(error)
    })
  }

  /** Messages as they come, each once, however often it is delivered meanwhile. Throws what keeps them from coming. */
  async *messages(): AsyncGenerator<JsMsg> {
    const pulling = this.#pull().catch((error: unknown) => {
      this.fail(error)
    })
    void pulling.finally(() => {
      this.#end()
    })
    for (;;) {
      this.throwIfFailed()
      const next = this.#arrived.shift()
      if (next !== undefined) yield next
      else if (this.#isOver) return
      else await this.#change()
    }
  }

  /** Nothing where it is held no longer. */
  settle(place: string, fate: MessageFate): void {
    const message = this.#held.get(place)
    if (message === undefined) return
    this.#held.delete(place)
    if (fate.kind !== 'later') this.#remember(place, fate)
    tell(message, fate)
    this.#changed()
  }

  /** Ends with an error. */
  fail(error: unknown): void {
    this.#failure ??= { error }
    this.#end()
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** What is held goes back, for others to take at once. */
  close(): void {
    clearInterval(this.#words)
    this.#end()
    for (const message of this.#held.values()) message.nak()
    this.#held.clear()
    this.#arrived = []
  }

  async #pull(): Promise<void> {
    const { patience, follow } = this.#options
    const { consumer, expiresMsMax } = this.#from
    const expires = Math.max(LOOK_MS, Math.min(follow ? PULL_MS : LOOK_MS, expiresMsMax))
    while (!this.#isOver) {
      const room = await this.#room()
      await this.#connection.up()
      if (room === 0) continue
      try {
        this.#batch = await consumer.fetch({ max_messages: room, expires })
        let came = 0
        for await (const message of this.#batch) {
          came += 1
          this.#take(message)
        }
        patience.success()
        if (!follow && came === 0 && (await consumer.info()).num_pending === 0) return
      } catch (error) {
        await this.#afterFailure(error)
      }
    }
  }

  /** A pull that is refused says little: whether the consumer is still there, it is asked. */
  async #afterFailure(error: unknown): Promise<void> {
    if (this.#isOver || !this.#connection.isUp) return
    const why = await this.#from.consumer.info().then(
      () => error,
      (told: unknown) => told,
    )
    await this.#options.patience.afterFailure(asNatsError(why))
  }

  #take(message: JsMsg): void {
    const place = placeOf(message)
    const settled = this.#settled.get(place)
    if (settled !== undefined) {
      tell(message, settled)
      return
    }
    const isNew = !this.#held.has(place)
    this.#held.set(place, message)
    if (!isNew) return
    this.#arrived.push(message)
    this.#changed()
  }

  /** How many more may be held, once that is a part of all that is worth a pull. */
  async #room(): Promise<number> {
    const { heldMax } = this.#options
    for (;;) {
      const room = Math.min(heldMax - this.#held.size, this.#from.batchMax)
      if (this.#isOver) return 0
      if (room >= Math.min(Math.ceil(heldMax / 4), this.#from.batchMax)) return room
      await this.#change()
    }
  }

  #sayWorking(): void {
    // What is said while NATS is away does not arrive.
    if (!this.#connection.isUp) return
    for (const message of this.#held.values()) message.working()
  }

  #remember(place: string, fate: MessageFate): void {
    this.#settled.set(place, fate)
    if (this.#settled.size <= SETTLED_MAX) return
    const [oldest] = this.#settled.keys()
    if (oldest !== undefined) this.#settled.delete(oldest)
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  #changed(): void {
    const woken = this.#waiting
    this.#waiting = []
    for (const wake of woken) wake()
  }

  #end(): void {
    this.#isOver = true
    this.#batch?.stop()
    this.#changed()
  }
}

function tell(message: JsMsg, fate: MessageFate): void {
  if (fate.kind === 'acknowledged') message.ack()
  else if (fate.kind === 'terminated') message.term(fate.reason)
  else message.nak(fate.delayMs)
}
