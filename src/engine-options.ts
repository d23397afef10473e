import type { Config } from './config.ts'
import type { Clock, Random } from './core/index.ts'
import type { Fetcher, PageReader, Resolver } from './intake/index.ts'
import type { Neighbours } from './known/index.ts'
import type { Mailbox, MailReader } from './mails/index.ts'
import type { Pool } from './pool/index.ts'
import type { Post } from './post/index.ts'
import type { Store } from './store/index.ts'
import type { MailTransport } from './takedown/index.ts'

export interface EngineOptions {
  readonly config: Config
  /** 32 bytes that seal every record. */
  readonly dataKey: Uint8Array
  readonly clock?: Clock
  readonly random?: Random
  readonly resolver?: Resolver
  readonly transport?: MailTransport
  readonly mailboxes?: readonly Mailbox[]
  /** A store that is open already: the engine closes it, also where it cannot start. */
  readonly store?: Store
  /** The outer world of a simulation: a network, hashers and neighbours of its own. */
  readonly fetcher?: Fetcher
  readonly post?: Post
  readonly pool?: Pool
  readonly readers?: { readonly pages: PageReader; readonly mails: MailReader }
  readonly neighbours?: Neighbours
  /** How long what is counted for the audit waits in memory: a minute of the machine's time. */
  readonly tallyMs?: number
  /** Told what the operator should know and nobody asked for. */
  readonly warn?: (message: string) => void
}
