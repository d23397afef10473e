import type { Principal } from '../../src/access/index.ts'
import type { Engine } from '../../src/engine.ts'
import type { SightingAnswer } from '../../src/sightings/index.ts'
import { HindraError } from '../../src/errors.ts'
import { PLACEHOLDER, pictureOf } from './answers.ts'
import { bytesOf, copiesOf, likeOf, ORIGINAL, subjectsOf } from './gallery/gallery.ts'
import { checkFound } from './invariants.ts'
import type { Page } from './page.ts'
import type { Truth } from './truth.ts'
import type { World } from './world.ts'

const CRASHES_SHARE = 0.1
/** The share of uploads at a host that will put something alike in its place. */
const DOUBTFUL_SHARE = 0.15
/** A call has fewer points than this. */
const POINTS_MAX = 20

/** What analysts, officers and crawlers do. The process may die while they are at it; they try again. */
export class Persons {
  readonly #world: World
  readonly #truth: Truth
  /** Item by subject. */
  readonly #items = new Map<string, string>()
  /** Copies of what stands in the register, where a crawler brought them. */
  readonly altered = { found: 0, confirmed: 0 }
  /** Known to somebody, and not registered yet. */
  readonly #unregistered: string[]

  constructor(world: World, truth: Truth) {
    this.#world = world
    this.#truth = truth
    const known = world.shuffled(subjectsOf('known'))
    const [first] = known.filter(hasDoubtfulLike)
    // The last one goes first.
    this.#unregistered = known.filter((subject) => subject !== first).concat(first ?? [])
  }

  async allowPlaceholder(): Promise<void> {
    const media = bytesOf(PLACEHOLDER)
    const proposal = { media, list: 'allow', classification: 'Ignore' } as const
    await this.surely((engine) =>
      engine.stages.curation.propose(this.#world.as('analyst'), proposal),
    )
    const verifier = this.#world.as('verifier')
    const [item] = await this.#world.engine.as(verifier).items.list({})
    const itemId = item?.id ?? ''
    await this.#verify(verifier, itemId)
  }

  /** One more, until the gallery is at its end. */
  async register(): Promise<void> {
    const world = this.#world
    const subject = this.#unregistered.pop()
    if (subject === undefined) return
    const media = bytesOf({ subject, copy: ORIGINAL })
    const proposal = { media, classification: 'Baseline' } as const
    const item = await this.surely((engine) =>
      engine.stages.curation.propose(world.as('analyst'), proposal),
    )
    if (item === undefined) return
    await this.#verify(world.as('verifier'), item.id)
    this.#items.set(subject, item.id)
    this.#truth.standing.add(subject)
  }

  /** So that crawlers go on finding what is known. */
  async keepRegister(items: number): Promise<void> {
    if (this.#truth.standing.size < items) await this.register()
  }

  /** Uploads a picture as it is, or altered, as most copies are. */
  async upload(): Promise<void> {
    const { random } = this.#world
    const isKnown = random.next() < 0.85
    const registered = [...this.#items.keys()]
    const doubtful = registered.filter(hasDoubtfulLike)
    if (isKnown && doubtful.length > 0 && random.next() < DOUBTFUL_SHARE) {
      const picture = this.#world.pick(copiesOf(this.#world.pick(doubtful)))
      return this.#see(this.#world.upload(picture, 'swaps-alike'))
    }
    const subject = this.#world.pick(isKnown ? registered : subjectsOf('innocent'))
    await this.#see(this.#world.upload(this.#world.pick(copiesOf(subject))))
  }

  /** The crawler comes by again, somewhere. */
  async crawl(): Promise<void> {
    const { pages } = this.#world
    const found = [...pages.values()].filter(({ picture }) => picture !== undefined)
    if (found.length > 0) await this.#see(this.#world.pick(found))
  }

  /** Something that no list knows, or an account that threatens. */
  async assess(): Promise<void> {
    const world = this.#world
    const isAccount = world.random.next() < 0.3
    const picture = { subject: world.pick(subjectsOf('new')), copy: ORIGINAL }
    const page = world.upload(isAccount ? undefined : picture)
    this.#truth.assessed.add(page.url)
    const assessment = {
      url: page.url,
      pageUrl: page.linkedFrom,
      classification: 'Baseline',
      reason: 'seen',
      circumstances: { account: isAccount },
    } as const
    await this.surely((engine) => engine.as(world.as('analyst')).assessments.assess(assessment))
  }

  /** Somebody disputes an item, which ends well or in a retraction, at once or later. */
  async rule(): Promise<void> {
    const { random, plant } = this.#world
    const { standing, retracted } = this.#truth
    const open = [...this.#items.keys()].filter((subject) => !retracted.has(subject))
    if (open.length === 0) return
    const subject = this.#world.pick(open)
    const itemId = this.#items.get(subject) ?? ''
    const stood = standing.has(subject)
    if (stood) {
      await this.#dispute(subject, itemId)
      if (plant === 'disputes-unheard' || random.next() < 0.6) return
    }
    if (stood || random.next() < 0.5) await this.#retract(subject, itemId)
    else await this.#confirm(subject, itemId)
  }

  // What takes grounds away counts from the moment that it is asked for: whether it was done before a
  // crash is not known.
  async #dispute(subject: string, itemId: string): Promise<void> {
    const verifier = this.#world.as('verifier')
    this.#truth.standing.delete(subject)
    if (this.#world.plant === 'disputes-unheard') return
    await this.surely((engine) => engine.stages.curation.dispute(verifier, { itemId }, 'not sure'))
  }

  async #retract(subject: string, itemId: string): Promise<void> {
    const officer = this.#world.as('officer')
    this.#truth.retracted.add(subject)
    await this.surely((engine) => engine.stages.curation.retract(officer, { itemId }, 'a mistake'))
  }

  async #confirm(subject: string, itemId: string): Promise<void> {
    const second = this.#world.as('verifier', 'second')
    await this.#verify(second, itemId)
    this.#truth.standing.add(subject)
  }

  /** Whatever the register finds to say of it: some pictures have little texture. */
  async #verify(by: Principal, itemId: string): Promise<void> {
    const verification = { itemId, acknowledgeFindings: true }
    await this.surely((engine) => engine.stages.curation.verify(by, verification, 'looked'))
  }

  /** Somebody looked at a case that others were told of, and it is no crime. */
  async clear(): Promise<void> {
    const world = this.#world
    const officer = world.as('officer')
    const open = await world.live((engine) =>
      engine.as(officer).cases.list({ status: 'in-progress' }),
    )
    if (open === undefined || open.length === 0) return
    const { id, url } = world.pick(open)
    this.#truth.notIllegal.add(url)
    await this.surely((engine) =>
      engine.as(officer).cases.close({ id, reason: 'no crime', takeBack: 'not-illegal' }),
    )
  }

  /** Somebody looks at what may be a match, and sees what it is. */
  async decide(): Promise<void> {
    const world = this.#world
    const analyst = world.as('analyst')
    const asked = { decision: 'pending' } as const
    const pending = await world.live((engine) => engine.as(analyst).cases.list(asked))
    for (const { id, url, subject, status } of pending ?? []) {
      if (status !== 'open' && status !== 'in-progress') continue
      const shown = world.pages.get(url)?.picture?.subject ?? ''
      const answer = this.#items.get(shown) === subject.id ? 'accepted' : 'rejected'
      await this.surely((engine) =>
        engine.as(analyst).cases.decide({ id, decision: answer, reason: 'looked at' }),
      )
    }
  }

  /** The police have what they need; what they asked for and nobody has decided comes first. */
  async release(): Promise<void> {
    const officer = this.#world.as('officer')
    const asked = (await this.#world.live((engine) => engine.as(officer).holds.list({}))) ?? []
    const open = asked.flatMap(({ proposal, caseId }) => (proposal === null ? [] : [caseId]))
    const held = await this.#world.live((engine) =>
      engine.as(officer).notices.list({ state: 'held' }),
    )
    const one = held?.find(({ heldFor, caseId }) => heldFor === 'police' && !open.includes(caseId))
    if (one === undefined) return
    const entry = await this.#world.live((engine) =>
      engine.as(officer).cases.show({ id: one.caseId }),
    )
    if (entry === undefined) return
    this.#truth.agree(entry.url)
    await this.surely((engine) => engine.as(officer).notices.release({ id: one.id }))
  }

  /** The emergency stop is pulled, or lifted. */
  async stop(): Promise<void> {
    const { plant } = this.#world
    const officer = this.#world.as('officer')
    if (plant === 'stop-unheard') this.#truth.stopped = true
    else if (this.#truth.stopped) await this.resume()
    else {
      await this.surely((engine) => engine.as(officer).notices.stop({ reason: 'an exercise' }))
      this.#truth.stopped = true
    }
  }

  async resume(): Promise<void> {
    this.#truth.stopped = false
    await this.surely((engine) => engine.as(this.#world.as('officer')).notices.resume())
  }

  /** Contacts that nobody has seen before wait for an officer, who knows most of them. */
  async approve(): Promise<void> {
    const { random } = this.#world
    const officer = this.#world.as('officer')
    const asked = { state: 'pending' } as const
    const pending = await this.#world.live((engine) => engine.as(officer).contacts.list(asked))
    for (const { id } of pending ?? []) {
      const answer = random.next() < 0.9 ? 'approved' : 'refused'
      await this.surely((engine) =>
        engine.as(officer).contacts.decide({ id, decision: answer, reason: 'looked at' }),
      )
    }
  }

  async #see(page: Page): Promise<void> {
    const sighting = { url: page.url, pageUrl: page.linkedFrom }
    this.#world.isBlind = this.#world.plant === 'copies-unseen'
    const submitted = this.#maybeDying((engine) =>
      engine.as(this.#world.as('crawler-verdict', 'crawler')).sightings.submit(sighting),
    )
    // What is not to be had is an answer as well.
    const answer = await submitted.catch(refused)
    this.#world.isBlind = false
    if (answer !== undefined) this.#judgeAnswer(page, answer.verdict)
  }

  /** Known material is found, whatever was done to it. Throws Violation. */
  #judgeAnswer(page: Page, verdict: SightingAnswer['verdict']): void {
    const visitor = { vantage: undefined, referrer: page.linkedFrom }
    const shown = pictureOf(page.shownAt(this.#world.clock.trueMs), page.url, visitor)
    if (shown === undefined || !this.#truth.standing.has(shown.subject)) return
    checkFound(page.url, shown, verdict)
    if (shown.copy === ORIGINAL) return
    this.altered.found += 1
    if (verdict === 'confirmed') this.altered.confirmed += 1
  }

  /**
   * The same until it has an answer: a person would try again. Undefined where that is refused, as it had
   * been done before the process died.
   */
  async surely<T>(work: (engine: Engine) => Promise<T>): Promise<T | undefined> {
    const world = this.#world
    const before = world.crashes
    const answer = await this.#maybeDying(work)
    return world.crashes === before ? answer : await world.live(work).catch(refused)
  }

  async #maybeDying<T>(work: (engine: Engine) => Promise<T>): Promise<T | undefined> {
    const { random } = this.#world
    const dies = random.next() < CRASHES_SHARE
    return await this.#world.live(work, dies ? random.integer(1, POINTS_MAX) : Infinity)
  }
}

/** Whether there is something else in its surroundings that looks cannot tell from it for sure. */
function hasDoubtfulLike(subject: string): boolean {
  return likeOf(subject)?.verdict === 'review'
}

function refused(error: unknown): undefined {
  if (error instanceof HindraError) return undefined
  throw error
}
