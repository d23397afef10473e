import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Principal, Role } from '../../src/access/index.ts'
import { closeAll, HOUR_MS, SeededRandom } from '../../src/core/index.ts'
import type { Engine } from '../../src/engine.ts'
import type { Store } from '../../src/store/index.ts'
import { DeliveryError, type Letter } from '../../src/takedown/index.ts'
import { answerOf, pictureOf } from './answers.ts'
import type { Trouble } from './crash.ts'
import { AlertReader, type AlertHad } from './alert-reader.ts'
import { ownDirectory } from './directory.ts'
import { createFakeEndpoints, type Posted } from './endpoints.ts'
import { Files } from './files.ts'
import type { Picture } from './gallery/gallery.ts'
import { bounceTo, claimTo, PoliceFile } from './letters.ts'
import { House } from './house.ts'
import { Hosts } from './hosts.ts'
import { Looks } from './looks.ts'
import { takeTurns } from './machine.ts'
import { FakeMailbox } from './mailbox.ts'
import { type Manners, react } from './manners.ts'
import { MemoryDisk, openMemoryStore } from './memory-store.ts'
import type { Answer } from './network.ts'
import { Page, type Shown, type Visitor } from './page.ts'
import type { Plant } from './plants.ts'
import { ownerOf, REGISTRAR, registryAnswer, REGULATOR, UPSTREAM } from './registries.ts'
import { createFakeRelay, type Taken } from './relay.ts'
import { contactOf, NOTICE_HOOK, NOTICE_SECRET, POLICE } from './settings.ts'
import { SharedMemory } from './shared-memory.ts'
import { isFromHindra } from './signed.ts'
import { startOf, type Surroundings } from './start.ts'
import { type Told, toldBy, toldByPost } from './told.ts'
import { Turns } from './turns.ts'
import { WorldClock } from './world-clock.ts'

const START_MS = Date.UTC(2026, 0, 5, 8)

/**
 * Hosts, a crawler's web, a mail relay and name servers that are lists, around the real engine on a
 * real store. Everything that happens comes from the seed.
 */
export class World {
  readonly clock = new WorldClock(START_MS)
  readonly random: SeededRandom
  readonly pages = new Map<string, Page>()
  readonly told: Told[] = []
  /** How the process looks at pages. */
  readonly looks = new Looks()
  /** Asked at the moment that a mail arrives; what they throw comes out of `check`. */
  readonly onTold: ((told: Told) => void)[] = []
  readonly relay = createFakeRelay((mail) => {
    this.#arrived(mail)
  })
  readonly endpoints = createFakeEndpoints(
    (posted) => {
      this.#posted(posted)
    },
    (posted) => isFromHindra(posted, this.secrets, this.clock.now()),
  )
  /** The reader of each who is told of alerts, by name. */
  readonly readers = new Map<string, AlertReader>()
  /** Mails that came back: nobody read them. */
  readonly bounced = new Set<string>()
  /** What the police were told while somebody waits for them. */
  readonly police = new PoliceFile()
  /** How often an officer did something about a notice that had reached nobody. */
  readonly retries = new Map<string, number>()
  /** The secrets of those who take alerts, by URL. */
  readonly secrets = new Map<string, string>([[NOTICE_HOOK, NOTICE_SECRET]])
  readonly plant: Plant | undefined
  /** Local features say nothing to the process. */
  isBlind = false
  /** Passed by all lives: where the process could have died. */
  points = 0
  readonly #hosts: Hosts
  readonly #directory: string
  readonly #store: Store
  readonly #mailbox = new FakeMailbox()
  readonly #files: Files
  readonly #story = createHash('sha256')
  readonly #house: House
  /** Undefined where one process has the store alone. */
  readonly #memory: SharedMemory | undefined
  readonly #turns: Turns | undefined
  #letters = 0
  #wrong: Error | undefined

  private constructor(
    seed: number,
    directory: string,
    store: Store,
    servers: number,
    plant?: Plant,
  ) {
    this.random = new SeededRandom(seed)
    this.#directory = directory
    this.#store = store
    this.plant = plant
    this.#files = new Files(join(directory, 'exports'))
    this.#hosts = new Hosts(this.random)
    this.#memory =
      servers === 1 ? undefined : new SharedMemory(store, () => this.clock.trueMs, plant)
    this.#turns = this.#memory && new Turns(this.#memory)
    const surroundings = this.#surroundings(new SeededRandom(seed + 1_000_000))
    this.#house = new House(servers, {
      clock: this.clock,
      random: new SeededRandom(seed + 2_000_000),
      begin: (process, life) => startOf(process, life, surroundings),
      witness: (process, what) => {
        this.points += 1
        this.#story.update(`${this.clock.now()} ${process} ${what}\n`)
      },
    })
  }

  static async open(seed: number, plant?: Plant, servers = 1): Promise<World> {
    takeTurns()
    const directory = await ownDirectory()
    const store = await openMemoryStore(new MemoryDisk())
    const world = new World(seed, directory, store, servers, plant)
    await world.#house.start()
    return world
  }

  get engine(): Engine {
    return this.#house.engine
  }

  get crashes(): number {
    return this.#house.crashes
  }

  get takeovers(): number {
    return this.#house.takeovers
  }

  /** Somebody is frozen or cut off. */
  get hasStuck(): boolean {
    return this.#house.hasStuck
  }

  /** Several processes work on the store. */
  get isOfMany(): boolean {
    return this.#memory !== undefined
  }

  /** The time by the clock of each process: whichever is asked notes it by its own. */
  nows(): readonly number[] {
    return this.#house.processes.map(({ skewMs }) => this.clock.of(skewMs).now())
  }

  /** Time passes, for all. */
  pass(hours: number): Promise<void> {
    return this.#house.pass(Math.round(hours * HOUR_MS))
  }

  /**
   * Does something with a process, which may die at any of its points: then it is started anew, and
   * undefined is all that is known of what it did.
   */
  live<T>(work: (engine: Engine) => Promise<T>, dieAfter = Infinity): Promise<T | undefined> {
    return this.#house.live(work, { kind: 'die', after: dieAfter })
  }

  /** The same with the one that dispatches. Where it is frozen or cut off, another one is there for the next. */
  dispatch<T>(
    work: (engine: Engine) => Promise<T>,
    trouble: Trouble | undefined,
  ): Promise<T | undefined> {
    return this.#house.dispatch(work, trouble)
  }

  /** Those that are frozen or cut off are back. */
  wake(): Promise<void> {
    return this.#house.wake()
  }

  as(role: Role, name: string = role): Principal {
    return { id: name, pseudonym: name, kind: 'person', roles: [role] }
  }

  /** Somebody uploads a picture somewhere, or opens an account; resolves to its page. */
  upload(picture: Picture | undefined, manners?: Manners): Page {
    const { name } = this.#hosts.with(manners) ?? this.pick(this.#hosts.all)
    const place = picture === undefined ? `users/anna${this.pages.size}` : this.pages.size
    const url = `https://${name}/${place}`
    const page = new Page(url, picture, this.clock.trueMs)
    this.pages.set(page.url, page)
    return page
  }

  pick<T>(from: readonly T[]): T {
    const one = from[this.random.integer(0, from.length - 1)]
    if (one === undefined) throw new Error('there is nothing to pick from')
    return one
  }

  shuffled<T>(from: readonly T[]): T[] {
    const left = [...from]
    return from.flatMap(() => left.splice(this.random.integer(0, left.length - 1), 1))
  }

  /** Hosts that change their provider do so now and then. */
  moveHosts(): void {
    this.#hosts.move()
  }

  /** Throws what was found wrong with a mail that has arrived. */
  check(): void {
    if (this.#wrong !== undefined) throw this.#wrong
  }

  /** The digest of all that happened so far: equal where it happened in the same way. */
  digest(): string {
    return this.#story.copy().digest('hex').slice(0, 16)
  }

  /** Keys below a prefix that changed since a version. */
  async changedSince(version: string, prefix: string): Promise<readonly (readonly unknown[])[]> {
    const keys: (readonly unknown[])[] = []
    for await (const { key } of this.#store.changes([prefix], version)) keys.push(key)
    return keys
  }

  /** What cases were seen to show is not known any more. */
  async forgetShown(): Promise<void> {
    await this.#store.transact(async (tx) => {
      for await (const { key } of tx.range({ prefix: ['remembered'] })) tx.delete(key)
    })
  }

  /** Edits the audit as somebody with the disk would: an entry is missing. */
  async editAudit(): Promise<void> {
    await this.#store.transact(async (tx) => {
      for await (const { key } of tx.range({ prefix: ['audit'] }, { limit: 1 })) tx.delete(key)
    })
  }

  version(): string {
    return this.#store.version()
  }

  async close(): Promise<void> {
    await closeAll([
      () => this.#house.end(),
      () => this.#store.close(),
      () => rm(this.#directory, { recursive: true, force: true }),
    ])
  }

  /** @param processRandom Of the processes, so that what they draw changes nothing of what happens in the world */
  #surroundings(processRandom: SeededRandom): Surroundings {
    return {
      directory: this.#directory,
      clock: this.clock,
      random: processRandom,
      plant: this.plant,
      store: this.#store,
      memory: this.#memory,
      turns: this.#turns,
      mailbox: this.#mailbox,
      isBlind: () => this.isBlind,
      names: () => this.#hosts.names(),
      answer: (url, visitor, processMs) => this.#answer(url, visitor, processMs),
      secrets: this.secrets,
      post: this.endpoints.post,
      transport: { ...this.relay.transport, send: (mail) => this.#send(mail) },
      judge: (judge) => {
        this.#noting(judge)
      },
    }
  }

  #answer(url: string, visitor: Visitor, processMs: number): Answer | undefined {
    const registered = registryAnswer(url)
    if (registered !== undefined) return registered
    const shown = this.#shown(url)
    this.#remember(url, shown, visitor, processMs)
    return answerOf(shown, url, visitor)
  }

  #shown(url: string): Shown {
    if (this.plant === 'hosts-lie') return { kind: 'gone' }
    const page = this.pages.get(url)
    const shown = page?.shownAt(this.clock.trueMs) ?? { kind: 'gone' }
    const isHaunted = this.plant === 'hosts-haunted' && shown.kind === 'gone'
    const { picture } = page ?? {}
    return isHaunted && picture !== undefined ? { kind: 'media', picture } : shown
  }

  #remember(url: string, shown: Shown, visitor: Visitor, processMs: number): void {
    const seen = pictureOf(shown, url, visitor)
    const isOfIt = seen?.subject === this.pages.get(url)?.picture?.subject
    const { trueMs } = this.clock
    const look = { processMs, trueMs, showed: isOfIt ? seen : undefined }
    this.looks.add(url, look)
  }

  /** Hotlines and INTERPOL fetch what lies there for them. */
  async fetchFiles(): Promise<void> {
    for (const told of await this.#files.news(this.clock)) {
      this.#hear(told, '', this.plant === 'files-doubled' ? 2 : 1)
    }
  }

  #send(mail: Letter): Promise<{ response: string }> {
    const isRefused = this.plant === 'alerts-unread' && isCorrection(mail)
    if (isRefused) return Promise.reject(new DeliveryError('refused', 'the relay says refused'))
    return this.relay.transport.send(mail)
  }

  #arrived({ messageId, from, to, raw }: Taken): void {
    const read = toldBy({ messageId, to: to[0] ?? '', raw, atMs: this.clock.trueMs })
    const told = { ...read, isLate: this.#turns?.isLate ?? false }
    if (told.to === POLICE) this.police.add(told)
    this.#hear(told, from, this.plant === 'mails-doubled' ? 2 : 1)
  }

  #posted(posted: Posted): void {
    const isLate = this.#turns?.isLate ?? false
    if (posted.url === NOTICE_HOOK)
      this.#hear({ ...toldByPost(posted, this.clock.trueMs), isLate }, '', 1)
    else if (this.plant !== 'alerts-dropped' || this.random.next() < 0.9) {
      this.#alerted(posted)
    }
  }

  #alerted({ url, body }: Posted): void {
    const { data } = JSON.parse(body) as { data: AlertHad }
    this.#noting(() => {
      this.readerOf(url).take(data)
    })
  }

  readerOf(name: string): AlertReader {
    const reader = this.readers.get(name) ?? new AlertReader(name)
    this.readers.set(name, reader)
    return reader
  }

  #hear(told: Told, from: string, times: number): void {
    if (told.step === 'correction' && this.plant === 'corrections-lost') return
    if (told.step === 'removed' && this.plant === 'removals-lost') return
    for (let time = 0; time < times; time += 1) {
      this.told.push(told)
      this.#judge(told)
    }
    this.#story.update(`${told.step} to ${told.to}: ${told.urls.join(' ')}\n`)
    for (const url of told.urls) this.#somebodyReads(url, told, from)
  }

  /** The process would take what is thrown here for a failure of its relay. */
  #judge(told: Told): void {
    this.#noting(() => {
      for (const listener of this.onTold) listener(told)
    })
  }

  #noting(judge: () => void): void {
    try {
      judge()
    } catch (error) {
      this.#wrong ??= error instanceof Error ? error : new Error(String(error))
    }
  }

  #somebodyReads(url: string, { to, step, messageId }: Told, from: string): void {
    const host = this.#hosts.at(url)
    const page = this.pages.get(url)
    if (host === undefined || page === undefined) return
    if (step === 'correction' || step === 'removed') return
    // A hotline passes it on to the host, now and then; who stands behind the host acts by itself.
    const isPassedOn = to.startsWith('hotline') && this.random.next() < 0.5
    const isBehind = [ownerOf(host.name), REGISTRAR, UPSTREAM, REGULATOR].includes(to)
    if (to !== contactOf(host.provider) && !isPassedOn && !isBehind) return
    if (host.manners === 'bounces' && from !== '') {
      this.bounced.add(messageId)
      this.deliver(bounceTo(from))
      return
    }
    // Some say that they did before they do, or do not do it at all.
    if (from !== '' && this.random.next() < 0.3) this.deliver(claimTo(from))
    react(page, host.manners, step, this.clock.trueMs, this.random)
    if (host.manners === 'moves' && this.random.next() < 0.5) this.upload(page.picture)
  }

  deliver(mail: string): void {
    this.#letters += 1
    this.#mailbox.deliver(String(this.#letters), Buffer.from(mail))
  }
}

function isCorrection({ raw }: Letter): boolean {
  return Buffer.from(raw).includes('X-Hindra-Step: correction')
}
