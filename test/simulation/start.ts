import { join } from 'node:path'
import type { SeededRandom } from '../../src/core/index.ts'
import { createEngine } from '../../src/engine.ts'
import type { Neighbours } from '../../src/known/index.ts'
import type { Mailbox } from '../../src/mails/index.ts'
import type { Post } from '../../src/post/index.ts'
import type { Store } from '../../src/store/index.ts'
import type { MailTransport } from '../../src/takedown/index.ts'
import { INLINE_READERS } from '../inline-readers.ts'
import { type Life, outsideOf } from './crash.ts'
import type { Posted } from './endpoints.ts'
import type { HouseProcess, Start } from './house-process.ts'
import { withoutIntervals } from './machine.ts'
import { type Answer, createFakeFetcher, createFakeResolver } from './network.ts'
import type { Visitor } from './page.ts'
import type { Plant } from './plants.ts'
import { createGalleryPool } from './pool.ts'
import { NOTICE_HOOK, settingsOf } from './settings.ts'
import { isFromHindra } from './signed.ts'
import type { SharedMemory } from './shared-memory.ts'
import type { Turns } from './turns.ts'
import { Violation } from './violation.ts'
import type { WorldClock } from './world-clock.ts'

/** The longest that a timer can wait: on a slow machine a minute comes in the midst of a seed. */
const NEVER_MS = 2 ** 31 - 1

/** What resembles what is asked by persons, who are not played. */
const NO_NEIGHBOURS: Neighbours = {
  isReady: true,
  items: 0,
  similar: () => Promise.resolve([]),
  catchUp: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

/** What there is around the processes of a house. */
export interface Surroundings {
  readonly directory: string
  readonly clock: WorldClock
  /** Of the processes alone. */
  readonly random: SeededRandom
  readonly plant: Plant | undefined
  readonly store: Store
  /** Undefined where one process has the store alone. */
  readonly memory: SharedMemory | undefined
  readonly turns: Turns | undefined
  readonly mailbox: Mailbox
  /** By which receivers know what is posted, by URL. */
  readonly secrets: ReadonlyMap<string, string>
  readonly post: Post
  readonly transport: MailTransport
  /** Whether local features say nothing. */
  isBlind(): boolean
  readonly names: () => Readonly<Record<string, readonly string[]>>
  /** What a place shows to a look, and when that is by the clock of the process; undefined where nobody answers. */
  answer(url: string, visitor: Visitor, processMs: number): Answer | undefined
  /** What is thrown is found wrong with the world: the process would take it for a failure of its own. */
  judge(judge: () => void): void
}

/**
 * A process starts (again). What it reads from its directory comes when the machine has it, so only
 * what happens once it runs is told of.
 */
export async function startOf(
  process: HouseProcess,
  life: Life,
  around: Surroundings,
): Promise<Start> {
  const { directory, memory, turns, names } = around
  const clock = around.clock.of(process.skewMs)
  const shared = memory?.connect({
    name: process.name,
    time: process.time,
    fences: process.fences,
    isAway: () => process.isAway,
    committedLate: (lease) => {
      around.judge(() => {
        throw new Violation('nobody commits late', `${process.name}, ${lease}`)
      })
    },
  })
  const begins = (hook: string | undefined) => {
    around.judge(() => turns?.begin(process, hook))
  }
  // Where it is frozen before it arrives, its receiver finds it too old, and does not take it.
  const signs = (posted: Posted) => {
    around.judge(() => {
      if (isFromHindra(posted, around.secrets, clock.now())) return
      throw new Error(`a POST to ${posted.url} is not signed`)
    })
  }
  const arrives = (hook: string | undefined) => {
    around.judge(() => turns?.arrive(process, hook))
  }
  const { mailbox, ...outside } = outsideOf(life, {
    store: shared ?? around.store,
    fetcher: createFakeFetcher({
      names,
      answer: (url, visitor) => around.answer(url, visitor, clock.now()),
    }),
    resolver: createFakeResolver({ names }),
    post: (url, ...rest) => {
      arrives(hookOf(url))
      return around.post(url, ...rest)
    },
    transport: {
      ...around.transport,
      send: (mail) => {
        arrives(undefined)
        return around.transport.send(mail)
      },
    },
    mailbox: around.mailbox,
  })
  const own = join(directory, String(process.number))
  const engine = await withoutIntervals(() =>
    createEngine({
      config: settingsOf(directory, around.plant, memory === undefined ? undefined : own),
      dataKey: Buffer.alloc(32, 7),
      random: around.random,
      pool: createGalleryPool(() => around.isBlind()),
      neighbours: NO_NEIGHBOURS,
      tallyMs: NEVER_MS,
      mailboxes: [mailbox],
      readers: INLINE_READERS,
      ...outside,
      clock,
      transport: {
        ...outside.transport,
        send: (mail) => {
          begins(undefined)
          return outside.transport.send(mail)
        },
      },
      post: (url, headers, body, signal) => {
        begins(hookOf(url))
        signs({ url, headers, body })
        return outside.post(url, headers, body, signal)
      },
    }),
  )
  await engine.stages.audit.checkpoint()
  const look = () => shared?.read((reading) => reading.get(['seen'])) ?? Promise.resolve()
  return { engine, store: outside.store, look }
}

/** Where an alert is posted to; undefined where a notice is. */
function hookOf(url: string): string | undefined {
  return url === NOTICE_HOOK ? undefined : url
}
