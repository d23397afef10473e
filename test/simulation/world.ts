import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Principal, Role } from '../../src/access/index.ts'
import { type Config, configWith } from '../../src/config.ts'
import { HOUR_MS, ManualClock, SeededRandom } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { HindraError } from '../../src/errors.ts'
import type { Fetcher, Resolver } from '../../src/intake/index.ts'
import type { Neighbours } from '../../src/register/index.ts'
import type { Store } from '../../src/store/index.ts'
import { Crash, Life, storeOf } from './crash.ts'
import { answerOf, MANNERS, type Manners, Page, react } from './hosts.ts'
import { createFakePool, type Picture } from './media.ts'
import { MemoryDisk, openMemoryStore } from './memory-store.ts'
import { createFakeRelay, type Taken } from './relay.ts'

const START_MS = Date.UTC(2026, 0, 5, 8)
const PROVIDERS = 4

/** What resembles what is asked by persons, who are not played. */
const NO_NEIGHBOURS: Neighbours = {
  isReady: true,
  items: 0,
  similar: () => Promise.resolve([]),
  catchUp: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

interface Host {
  readonly name: string
  readonly manners: Manners
  provider: number
}

/** A mail as whoever got it read it. */
export interface Told {
  readonly step: string
  readonly to: string
  readonly atMs: number
  readonly messageId: string
  readonly urls: readonly string[]
  /** Notices by URL, where the mail names them (XARF). */
  readonly noticeIds: readonly string[]
}

/**
 * Hosts, a crawler's web, a mail relay and name servers that are lists, around the real engine on a
 * real store. Everything that happens comes from the seed.
 */
export class World {
  readonly clock = new ManualClock(START_MS)
  readonly random: SeededRandom
  readonly pages = new Map<string, Page>()
  readonly told: Told[] = []
  /** Said by the real world, at the moment that a mail arrives. */
  readonly onTold: ((told: Told) => void)[] = []
  readonly bounced = new Set<string>()
  readonly relay = createFakeRelay((mail) => {
    this.#arrived(mail)
  })
  readonly #processRandom: SeededRandom
  readonly #hosts: readonly Host[]
  readonly #directory: string
  readonly #config: Config
  readonly #store: Store
  #life = new Life()
  #engine: Engine | undefined
  #files = 0
  crashes = 0

  private constructor(seed: number, directory: string, store: Store) {
    this.random = new SeededRandom(seed)
    this.#processRandom = new SeededRandom(seed + 1_000_000)
    this.#directory = directory
    this.#store = store
    this.#hosts = MANNERS.map((manners, number) => ({
      name: `${manners}.example`,
      manners,
      provider: number % PROVIDERS,
    }))
    const maildir = join(directory, 'maildir')
    for (const folder of ['new', 'cur', 'tmp'])
      mkdirSync(join(maildir, folder), { recursive: true })
    this.#config = configWith({
      data: directory,
      'mail.from': 'notices@hotline.example',
      'mail.returnPath': 'bounces@hotline.example',
      'inbox.maildir': maildir,
      'trace.registries': false,
      'trace.systemFolder': join(import.meta.dirname, 'tables'),
      'policy.directory': join(import.meta.dirname, 'policy'),
      'route.addresses': { police: 'police@police.example' },
      'trace.providers': Array.from({ length: PROVIDERS }, (_, number) => ({
        name: `Provider ${number}`,
        country: number === 0 ? 'SE' : 'NL',
        abuseContact: `abuse@provider${number}.example`,
        networks: [`198.51.${number}.0/24`],
      })),
    })
  }

  static async open(seed: number): Promise<World> {
    // Where there is one, on a file system in memory: the store fsyncs each commit.
    const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
    const directory = await mkdtemp(join(base, 'hindra-simulation-'))
    const store = await openMemoryStore(new MemoryDisk())
    const world = new World(seed, directory, store)
    await world.start()
    return world
  }

  get engine(): Engine {
    if (this.#engine === undefined) throw new Error('the process is not running')
    return this.#engine
  }

  /** The process starts (again). */
  async start(): Promise<void> {
    const life = new Life()
    this.#life = life
    this.#engine = await createEngine({
      config: this.#config,
      dataKey: Buffer.alloc(32, 7),
      clock: this.clock,
      // Its own, so that what it draws changes nothing of what happens in the world.
      random: this.#processRandom,
      store: storeOf(life, this.#store),
      pool: createFakePool(),
      neighbours: NO_NEIGHBOURS,
      fetcher: this.#fetcher(life),
      resolver: this.#resolver(life),
      transport: {
        send: (mail) => life.call(() => this.relay.transport.send(mail)),
        verify: () => this.relay.transport.verify(),
        close: () => undefined,
      },
    })
  }

  /**
   * Does something with the process, which may die at any of its await points: then it is started
   * anew, and undefined is all that is known of what it did.
   */
  async live<T>(work: (engine: Engine) => Promise<T>, dieAfter = Infinity): Promise<T | undefined> {
    this.#life.dieAfter(dieAfter)
    try {
      const result = await work(this.engine)
      this.#life.dieAfter(Infinity)
      if (!this.#life.over) return result
    } catch (error) {
      if (!(error instanceof Crash) && !this.#life.over) throw error
    }
    this.crashes += 1
    await this.#engine?.shutdown().catch(() => undefined)
    await this.start()
    return undefined
  }

  as(role: Role, name: string = role): Principal {
    return { id: name, pseudonym: name, kind: 'person', roles: [role] }
  }

  /** Somebody uploads a picture somewhere; resolves to its page. */
  upload(picture: Picture): Page {
    const host = this.pick(this.#hosts)
    const page = new Page(`https://${host.name}/${this.pages.size}.jpg`, picture, this.clock.now())
    this.pages.set(page.url, page)
    return page
  }

  pick<T>(from: readonly T[]): T {
    const one = from[this.random.integer(0, from.length - 1)]
    if (one === undefined) throw new Error('there is nothing to pick from')
    return one
  }

  /** Hosts that change their provider do so now and then. */
  moveHosts(): void {
    for (const host of this.#hosts) {
      if (host.manners !== 'changes-provider' || this.random.next() > 0.05) continue
      host.provider = this.random.integer(1, PROVIDERS - 1)
    }
  }

  async close(): Promise<void> {
    await this.#engine?.shutdown()
    await this.#store.close()
    await rm(this.#directory, { recursive: true, force: true })
  }

  #fetcher(life: Life): Fetcher {
    return {
      fetch: (url) =>
        life.call(() => {
          const page = this.pages.get(url)
          const shown = page?.shownAt(this.clock.now()) ?? { kind: 'gone' as const }
          return Promise.resolve({ ...answerOf(shown), finalUrl: url, address: '198.51.0.1' })
        }),
      close: () => Promise.resolve(),
    }
  }

  #resolver(life: Life): Resolver {
    return {
      resolve: (name) =>
        life.call(() => {
          const host = this.#hosts.find((one) => one.name === name)
          if (host !== undefined) return Promise.resolve([`198.51.${host.provider}.7`])
          return Promise.reject(new HindraError('FETCH_FAILED', 'DNS gave no address'))
        }),
    }
  }

  #arrived({ messageId, from, to, raw }: Taken): void {
    const text = Buffer.from(raw).toString('latin1').replace(/=\r\n/g, '')
    const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found ?? '')
    const told: Told = {
      step: /^X-Hindra-Step: (\S+)/m.exec(text)?.[1] ?? '',
      to: to[0] ?? '',
      atMs: this.clock.now(),
      messageId,
      urls: all(/^Reported-URI: (\S+)/gm),
      noticeIds: all(/"report_id": "([0-9a-f-]+)"/g),
    }
    this.told.push(told)
    for (const listener of this.onTold) listener(told)
    for (const url of told.urls) this.#hostReads(url, told, from)
  }

  #hostReads(url: string, { to, step }: Told, from: string): void {
    const host = this.#hosts.find(({ name }) => new URL(url).hostname === name)
    const page = this.pages.get(url)
    if (host === undefined || page === undefined || step === 'correction') return
    if (to !== `abuse@provider${host.provider}.example`) return
    if (host.manners === 'bounces') {
      this.#deliver(from, bounceTo(from))
      return
    }
    // Some say that they did before they do, or do not do it at all.
    if (this.random.next() < 0.3) this.#deliver(from, claimTo(from))
    react(page, host.manners, step, this.clock.now(), this.random)
    if (host.manners === 'moves' && this.random.next() < 0.5) this.upload(page.picture)
  }

  #deliver(returnPath: string, mail: string): void {
    this.#files += 1
    const name = `${String(this.#files).padStart(8, '0')}.sim`
    writeFileSync(join(this.#directory, 'maildir', 'new', name), mail)
    if (mail.includes('delivery-status')) this.bounced.add(returnPath)
  }

  /** Hours pass. */
  pass(hours: number): void {
    this.clock.advance(hours * HOUR_MS)
  }
}

function claimTo(to: string): string {
  return `From: abuse@host.example\r\nTo: ${to}\r\n\r\nThe content has been removed.\r\n`
}

function bounceTo(to: string): string {
  return [
    `From: MAILER-DAEMON@mx.example`,
    `To: ${to}`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    'Final-Recipient: rfc822; abuse@host.example',
    'Action: failed',
    'Status: 5.1.1',
    '',
    '--b--',
    '',
  ].join('\r\n')
}
