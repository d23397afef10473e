import type { Case } from '../../src/cases/index.ts'
import type { Engine } from '../../src/engine.ts'
import type { Notice } from '../../src/takedown/index.ts'
import {
  checkCorrected,
  checkGrounds,
  checkRemembered,
  checkRemoved,
  checkTold,
  type Truth,
} from './invariants.ts'
import { bytesOf } from './media.ts'
import type { RelayBehaviour } from '../takedown/relay-behaviour.ts'
import { World } from './world.ts'

export interface PlayOptions {
  readonly seed: number
  /** Of virtual time. */
  readonly days: number
  readonly items: number
}

export interface PlayResult {
  readonly seed: number
  readonly cases: number
  readonly notices: number
  readonly mails: number
  readonly corrections: number
  readonly bounced: number
  /** Notices that arrived more than once; all of them say that they may have. */
  readonly doubles: number
  readonly removed: number
  readonly wrongRemoved: number
  readonly reopened: number
  readonly crashes: number
  readonly steps: number
  /** From opening to removal: as Hindra says, and as it was. */
  readonly hours: readonly { readonly said: number; readonly truly: number }[]
}

const TROUBLE: readonly RelayBehaviour[] = [
  'defer-recipient',
  'defer-message',
  'refuse-message',
  'drop-before-message',
  'take-and-drop',
]

/** One seed: the world lives for some days, and the rules are checked at each step. Throws Violation. */
export async function play({ seed, days, items }: PlayOptions): Promise<PlayResult> {
  const world = await World.open(seed)
  try {
    return await new Play(world, seed).run(days, items)
  } finally {
    await world.close()
  }
}

class Play {
  readonly #world: World
  readonly #seed: number
  readonly #truth: Truth = {
    standing: new Set(),
    retracted: new Set(),
    assessed: new Set(),
    removals: [],
  }
  readonly #items = new Map<string, string>()
  #cases = new Map<string, Case>()
  #steps = 0

  constructor(world: World, seed: number) {
    this.#world = world
    this.#seed = seed
    world.onTold.push((told) => {
      checkGrounds(world, this.#truth, told)
    })
  }

  async run(days: number, items: number): Promise<PlayResult> {
    for (let number = 0; number < items; number += 1) await this.#register(`subject ${number}`)
    const endMs = this.#world.clock.now() + days * 24 * 3_600_000
    // The last weeks are quiet, so that what was begun can come to its end.
    const quietMs = endMs - Math.min(days / 3, 30) * 24 * 3_600_000
    while (this.#world.clock.now() < endMs) {
      const quiet = this.#world.clock.now() > quietMs
      await this.#step(quiet)
    }
    const notices = await this.#everyNotice()
    checkCorrected(this.#world, this.#truth, notices)
    return this.#result(notices)
  }

  async #step(quiet: boolean): Promise<void> {
    const world = this.#world
    const { random } = world
    this.#steps += 1
    world.pass(this.#hoursToNext())
    if (!quiet) await this.#happen()
    world.relay.behave(!quiet && random.next() < 0.1 ? world.pick(TROUBLE) : 'accept')
    const dies = !quiet && random.next() < 0.1
    // What a relay refused for good waits for a person, who tries again.
    if (random.next() < 0.1) await world.live((engine) => engine.sendNotices(world.as('officer')))
    const report = await world.live(
      (engine) => engine.runDue(),
      dies ? random.integer(1, 60) : Infinity,
    )
    await this.#check(report !== undefined)
  }

  /** The clock jumps, too: a day ahead, an hour back. */
  #hoursToNext(): number {
    const { random } = this.#world
    const chance = random.next()
    if (chance < 0.01) return 48
    if (chance < 0.02) return -1
    const isBusy = [...this.#cases.values()].some(
      ({ status }) => status === 'open' || status === 'in-progress',
    )
    return isBusy ? random.between(0.5, 6) : random.between(6, 36)
  }

  async #happen(): Promise<void> {
    const world = this.#world
    const { random } = world
    world.moveHosts()
    if (random.next() < 0.08) await this.#upload()
    if (random.next() < 0.02) await this.#assess()
    if (random.next() < 0.02) await this.#rule()
    if (random.next() < 0.05) await this.#release()
    if (random.next() < 0.3) await this.#crawl()
  }

  /** The same until it has an answer: a person would try again. */
  async #surely<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    for (;;) {
      const result = await this.#world.live(work)
      if (result !== undefined) return result
    }
  }

  async #register(subject: string): Promise<void> {
    const world = this.#world
    const media = bytesOf({ subject, variant: 0 })
    const item = await this.#surely((engine) =>
      engine.propose(world.as('analyst'), { media, classification: 'Baseline' }),
    )
    await this.#surely((engine) => engine.verify(world.as('verifier'), { itemId: item.id }))
    this.#items.set(subject, item.id)
    this.#truth.standing.add(subject)
  }

  async #upload(): Promise<void> {
    const world = this.#world
    const isKnown = world.random.next() < 0.85
    const subject = isKnown ? world.pick([...this.#items.keys()]) : `innocent ${this.#steps}`
    const page = world.upload({ subject, variant: world.random.integer(0, 2) })
    await this.#see(page.url)
  }

  /** The crawler comes by again, somewhere. */
  async #crawl(): Promise<void> {
    const { pages } = this.#world
    if (pages.size > 0) await this.#see(this.#world.pick([...pages.keys()]))
  }

  async #see(url: string): Promise<void> {
    const world = this.#world
    await world
      .live(
        (engine) => engine.submit(world.as('crawler'), { url }),
        world.random.next() < 0.05 ? world.random.integer(1, 6) : Infinity,
      )
      // What is not to be had is an answer as well.
      .catch(() => undefined)
  }

  async #assess(): Promise<void> {
    const world = this.#world
    const page = world.upload({ subject: `new ${this.#steps}`, variant: 0 })
    this.#truth.assessed.add(page.url)
    const assessment = { url: page.url, classification: 'Baseline', reason: 'seen' } as const
    await world.live((engine) => engine.assess(world.as('analyst'), assessment))
  }

  /** Somebody disputes an item, which ends well or in a retraction. */
  async #rule(): Promise<void> {
    const world = this.#world
    const { standing, retracted } = this.#truth
    const subject = world.pick([...this.#items.keys()])
    const id = this.#items.get(subject) ?? ''
    if (retracted.has(subject)) return
    if (standing.has(subject)) {
      // From the moment that it is asked for: whether it was done before a crash is not known.
      standing.delete(subject)
      await this.#surely((engine) =>
        engine.dispute(world.as('verifier'), { itemId: id }, 'not sure'),
      )
    } else if (world.random.next() < 0.5) {
      await this.#surely((engine) =>
        engine.verify(world.as('verifier', 'second'), { itemId: id }, 'looked'),
      )
      standing.add(subject)
    } else {
      await this.#surely((engine) =>
        engine.retract(world.as('officer'), { itemId: id }, 'a mistake'),
      )
      retracted.add(subject)
    }
  }

  async #release(): Promise<void> {
    const world = this.#world
    const officer = world.as('officer')
    const held = await world.live((engine) => engine.notices(officer, { state: 'held' }))
    const [one] = held ?? []
    if (one !== undefined) await world.live((engine) => engine.releaseNotice(officer, one.id))
  }

  /** `whole`: everything that was due has been done, so that what is left has a next event. */
  async #check(whole: boolean): Promise<void> {
    const world = this.#world
    const cases = await this.#everyCase()
    const notices = await this.#everyNotice()
    const byCase = new Map<string, Notice[]>()
    for (const notice of notices) {
      byCase.set(notice.caseId, [...(byCase.get(notice.caseId) ?? []), notice])
    }
    for (const [id, entry] of cases) {
      checkRemoved(world, this.#truth, this.#cases.get(id), entry)
      if (whole) checkRemembered(entry, byCase.get(id) ?? [])
    }
    checkTold(world, cases, notices)
    this.#cases = cases
  }

  async #everyCase(): Promise<Map<string, Case>> {
    const cases = new Map<string, Case>()
    for (let after: string | undefined; ; ) {
      const page = await this.#world.engine.cases(this.#world.as('auditor'), {
        limit: 1_000,
        ...(after === undefined ? {} : { after }),
      })
      for (const entry of page) cases.set(entry.id, entry)
      if (page.length < 1_000) return cases
      after = page.at(-1)?.id
    }
  }

  async #everyNotice(): Promise<readonly Notice[]> {
    return this.#world.engine.notices(this.#world.as('auditor'), { limit: 100_000 })
  }

  #result(notices: readonly Notice[]): PlayResult {
    const { told, crashes } = this.#world
    const { removals } = this.#truth
    const cases = [...this.#cases.values()]
    return {
      seed: this.#seed,
      cases: cases.length,
      notices: notices.length,
      mails: told.length,
      corrections: told.filter(({ step }) => step === 'correction').length,
      bounced: notices.filter(({ state }) => state === 'bounced').length,
      doubles: checkTold(this.#world, this.#cases, notices),
      removed: removals.length,
      wrongRemoved: removals.filter(({ wrong }) => wrong).length,
      reopened: cases.reduce((sum, { reopened }) => sum + reopened, 0),
      crashes,
      steps: this.#steps,
      hours: removals.map(({ hours, trueHours }) => ({ said: hours, truly: trueHours })),
    }
  }
}
