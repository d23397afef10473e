import type { Checkpoint } from '../../src/audit/index.ts'
import { closeAll } from '../../src/core/index.ts'
import type { RelayBehaviour } from '../takedown/relay-behaviour.ts'
import {
  checkAgreed,
  checkAudit,
  checkClosed,
  checkConfirmed,
  checkCorrected,
  checkFollowed,
  checkGrounds,
} from './invariants.ts'
import type { Trouble } from './crash.ts'
import { Desk } from './desk.ts'
import { ENDPOINT_TROUBLE } from './endpoints.ts'
import { CLOCKS_APART_HOURS } from './house.ts'
import { Persons } from './persons.ts'
import { Police } from './police.ts'
import type { Plant } from './plants.ts'
import { Truth } from './truth.ts'
import { type Removal, Watch } from './watch.ts'
import { RUNG_HOURS, WEBHOOK_RETRY_HOURS } from './settings.ts'
import { World } from './world.ts'

export interface PlayOptions {
  readonly seed: number
  /** How many days of virtual time are played. */
  readonly days: number
  /** Known, at the same time. */
  readonly items: number
  /** How many processes work on the store, of which one dispatches: one unless said. */
  readonly servers?: number
  readonly plant?: Plant
}

export interface PlayResult {
  readonly seed: number
  readonly cases: number
  readonly notices: number
  /** Mails, POSTs and lines of files that arrived. */
  readonly told: number
  readonly posts: number
  readonly fileLines: number
  /** Reminders and later rungs of ladders. */
  readonly rungs: number
  readonly alerts: number
  /** What an officer did about notices that had reached nobody. */
  readonly settled: number
  readonly corrections: number
  /** Replies of the police that were heeded, as letters say. */
  readonly confirmed: number
  readonly bounced: number
  /** Notices that arrived more than once; all of them say that they may have. */
  readonly doubles: number
  /** Altered copies of what stands in the register, as crawlers brought them; all were found. */
  readonly altered: number
  readonly alteredConfirmed: number
  /** Cases of which a person had to say whether it is still there, as looks could not tell. */
  readonly asked: number
  readonly removed: number
  /** How many of these were removed where a person's word was it. */
  readonly removedByWord: number
  readonly reopened: number
  readonly crashes: number
  /** How often another process went on with what one had done. */
  readonly takeovers: number
  readonly clockJumps: number
  readonly auditEntries: number
  readonly steps: number
  /** The digest of all that happened: equal for the same seed. */
  readonly digest: string
  readonly hours: readonly Removal[]
}

const TROUBLE: readonly RelayBehaviour[] = [
  'defer-recipient',
  'defer-message',
  'refuse-message',
  'drop-before-message',
  'take-and-drop',
]
const FIRST_UPLOADS = 2
const DAY_HOURS = 24
const HOUR_MS = 3_600_000
/** Hours that the clock of the process can be off. */
const OFF_HOURS = [-24, -3, -0.5, 0.5, 3, 48] as const
/** The points of a run that has nothing to do. */
const POINTS_MIN = 20
const CHECK_AUDIT_STEPS = 50

/** One seed: the world lives for some days, and the rules are checked at each step. Throws Violation. */
export async function play({
  seed,
  days,
  items,
  servers,
  plant,
}: PlayOptions): Promise<PlayResult> {
  const world = await World.open(seed, plant, servers)
  const played = new Play(world, seed).run(days, items)
  // What broke first is told: a world that breaks cannot always be closed in order.
  await closeAll([() => played, () => world.close()])
  return played
}

class Play {
  readonly #world: World
  readonly #seed: number
  readonly #truth = new Truth()
  readonly #persons: Persons
  readonly #desk: Desk
  readonly #police: Police
  readonly #watch: Watch
  readonly #checkpoints: Checkpoint[] = []
  #steps = 0
  #clockJumps = 0
  #jumpedMs = 0
  /** The points of the last run of all that was due, which is about as long as the next one. */
  #runPoints = POINTS_MIN

  constructor(world: World, seed: number) {
    this.#world = world
    this.#seed = seed
    this.#persons = new Persons(world, this.#truth)
    this.#desk = new Desk(world, this.#truth, this.#persons)
    this.#police = new Police(world, this.#truth, this.#persons)
    this.#watch = new Watch(world)
    world.onTold.push((told) => {
      checkGrounds(world, this.#truth, told)
      checkAgreed(world, this.#truth, told)
    })
  }

  async run(days: number, items: number): Promise<PlayResult> {
    const { clock } = this.#world
    await this.#desk.open()
    await this.#persons.allowPlaceholder()
    for (let number = 0; number < items; number += 1) await this.#persons.register()
    for (let number = 0; number < FIRST_UPLOADS; number += 1) await this.#persons.upload()
    const endMs = clock.trueMs + days * DAY_HOURS * HOUR_MS
    // The last weeks are quiet, so that what was begun can come to its end.
    const quietMs = endMs - Math.min(days / 3, 20) * DAY_HOURS * HOUR_MS
    let isQuiet = false
    // In a play of few days one long step may lead from what goes on beyond the end.
    while (clock.trueMs < endMs || !isQuiet) {
      isQuiet = clock.trueMs > quietMs
      await this.#step(isQuiet, items)
    }
    checkCorrected(this.#world, this.#truth)
    for (const entry of this.#watch.cases.values()) checkFollowed(this.#world, entry)
    checkClosed(this.#world, (id) =>
      this.#watch.cases.get(this.#watch.notices.get(id)?.caseId ?? ''),
    )
    await this.#desk.attend()
    // What the officer said just now is an alert too; an endpoint that refused one before is asked again by then.
    await this.#world.pass(WEBHOOK_RETRY_HOURS + CLOCKS_APART_HOURS)
    await this.#tellAlerts(true)
    await this.#desk.check()
    return this.#result(await this.#verifyAudit())
  }

  async #step(quiet: boolean, items: number): Promise<void> {
    const world = this.#world
    const { random } = world
    this.#steps += 1
    await world.pass(this.#watch.isBusy ? random.between(0.5, 6) : random.between(6, 36))
    if (world.hasStuck && (quiet || random.next() < 0.5)) await world.wake()
    this.#setClock(quiet)
    if (!quiet) await this.#happen(items)
    else if (this.#truth.stopped) await this.#persons.resume()
    world.relay.behave(!quiet && random.next() < 0.1 ? world.pick(TROUBLE) : 'accept')
    world.endpoints.behave(!quiet && random.next() < 0.2 ? world.pick(ENDPOINT_TROUBLE) : 'accept')
    if (quiet || random.next() < 0.5) await this.#desk.attend()
    if (quiet || random.next() < 0.3) await this.#persons.approve()
    if (quiet || random.next() < 0.4) await this.#persons.decide()
    const dies = !quiet && random.next() < 0.1
    const done = await this.#runDue(
      dies ? { kind: this.#kind(), after: random.integer(1, this.#runPoints) } : undefined,
    )
    await world.fetchFiles()
    await this.#tellAlerts(quiet)
    world.check()
    checkConfirmed(world, this.#truth)
    await this.#watch.look(done)
    const isTime = this.#steps % CHECK_AUDIT_STEPS === 0
    if (isTime || dies) await this.#keepCheckpoint()
  }

  async #tellAlerts(quiet: boolean): Promise<void> {
    const { random } = this.#world
    const dieAfter = () =>
      !quiet && random.next() < 0.05 ? random.integer(1, POINTS_MIN) : Infinity
    const after = dieAfter()
    await this.#desk.post({ kind: after === Infinity ? 'die' : this.#kind(), after })
    if (quiet || random.next() < 0.2) await this.#desk.resend()
    // Down for hours, now and then.
    if (quiet || random.next() < 0.7) await this.#desk.follow(dieAfter())
  }

  /** One of two may also be frozen or cut off, as long as another one is there. */
  #kind(): Trouble['kind'] {
    const world = this.#world
    return world.isOfMany && !world.hasStuck ? world.pick(['die', 'freeze', 'cut'] as const) : 'die'
  }

  async #runDue(trouble: Trouble | undefined): Promise<boolean> {
    const world = this.#world
    if (world.plant === 'runs-idle') return true
    world.isBlind = world.plant === 'looks-by-hash'
    if (world.isBlind) await world.forgetShown()
    const before = world.points
    // What was asked of one whose clock is ahead is due by the clock of the one that dispatches.
    if (world.isOfMany) await world.pass(CLOCKS_APART_HOURS)
    const wasStuck = world.hasStuck
    let report = await world.dispatch((engine) => engine.runDue(), trouble)
    if (report === undefined && world.hasStuck && !wasStuck)
      report = await world.dispatch((engine) => engine.runDue(), undefined)
    world.isBlind = false
    if (report === undefined) return false
    this.#runPoints = Math.max(POINTS_MIN, world.points - before)
    return true
  }

  /** Once a day at most: looks that lie hours apart by a wrong clock alone prove less than they say. */
  #setClock(quiet: boolean): void {
    const { clock, random } = this.#world
    if (clock.trueMs - this.#jumpedMs < DAY_HOURS * HOUR_MS) return
    if (quiet || random.next() < 0.05) {
      const off = quiet ? 0 : random.next() < 0.5 ? 0 : this.#world.pick(OFF_HOURS)
      this.#clockJumps += quiet ? 0 : 1
      clock.set(off)
      this.#jumpedMs = clock.trueMs
    }
  }

  async #happen(items: number): Promise<void> {
    const persons = this.#persons
    const { random } = this.#world
    const chances: readonly (readonly [number, () => Promise<void> | void])[] = [
      [0.15, () => persons.upload()],
      [0.03, () => persons.assess()],
      [0.05, () => persons.rule()],
      [0.02, () => persons.clear()],
      [0.05, () => persons.release()],
      [0.2, () => persons.crawl()],
      [
        0.15,
        () => {
          this.#police.answer()
        },
      ],
      [
        0.05,
        () => {
          this.#police.forge()
        },
      ],
      [0.1, () => this.#police.decide()],
      [0.05, () => persons.keepRegister(items)],
      [this.#truth.stopped ? 0.2 : 0.02, () => persons.stop()],
    ]
    this.#world.moveHosts()
    for (const [chance, happen] of chances) if (random.next() < chance) await happen()
  }

  async #keepCheckpoint(): Promise<void> {
    const world = this.#world
    const found = await world.live((engine) => engine.stages.audit.checkpoint())
    if (found !== null && found !== undefined) this.#checkpoints.push(found)
  }

  async #verifyAudit(): Promise<number> {
    const world = this.#world
    await this.#keepCheckpoint()
    if (world.plant === 'audit-edited') await world.editAudit()
    const report = await world.engine
      .as(world.as('auditor'))
      .audit.verify({ checkpoints: this.#checkpoints })
    checkAudit(report)
    return report.entries
  }

  #result(auditEntries: number): PlayResult {
    const { told, crashes, takeovers, readers, retries } = this.#world
    const { removals, doubles } = this.#watch
    const cases = [...this.#watch.cases.values()]
    const notices = [...this.#watch.notices.values()]
    return {
      seed: this.#seed,
      cases: cases.length,
      notices: notices.length,
      told: told.length,
      posts: told.filter(({ to }) => to.startsWith('https:')).length,
      fileLines: told.filter(({ madeEarlier }) => madeEarlier !== undefined).length,
      rungs: told.filter(({ step }) => step in RUNG_HOURS).length,
      alerts: Math.max(0, ...[...readers.values()].map(({ had }) => had.size)),
      settled: [...retries.values()].reduce((sum, times) => sum + times, 0),
      corrections: told.filter(({ step }) => step === 'correction').length,
      confirmed: notices.filter(({ step, sentAt }) => step === 'confirmation' && sentAt !== null)
        .length,
      bounced: notices.filter(({ state }) => state === 'bounced').length,
      doubles,
      altered: this.#persons.altered.found,
      alteredConfirmed: this.#persons.altered.confirmed,
      asked: this.#desk.asked.size,
      removed: removals.length,
      removedByWord: removals.filter(({ byWord }) => byWord).length,
      reopened: cases.reduce((sum, { reopened }) => sum + reopened, 0),
      crashes,
      takeovers,
      clockJumps: this.#clockJumps,
      auditEntries,
      steps: this.#steps,
      digest: this.#world.digest(),
      hours: removals,
    }
  }
}
