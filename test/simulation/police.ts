import { HOUR_MS } from '../../src/core/index.ts'
import { answerTo, type PoliceLetter } from './letters.ts'
import type { Persons } from './persons.ts'
import { POLICE } from './settings.ts'
import type { Truth } from './truth.ts'
import type { World } from './world.ts'

const DAY_MS = 24 * HOUR_MS
/** Older letters are not answered: what is asked for then is within the longest time that policy allows. */
const ANSWERED_DAYS = 4
const WAIT_HOURS = { from: 24, to: 140 }

/** The police, who answer letters by the word in them; whoever forges their answers; and who agrees. */
export class Police {
  readonly #world: World
  readonly #truth: Truth
  readonly #persons: Persons

  constructor(world: World, truth: Truth, persons: Persons) {
    this.#world = world
    this.#truth = truth
    this.#persons = persons
  }

  /** A letter is answered, once, also where it came twice: its word holds for one answer. */
  answer(): void {
    const { random, police } = this.#world
    const letter = this.#open()
    if (letter === undefined) return
    this.#truth.replied(letter.firstId)
    for (const one of police.letters) if (one.messageId === letter.messageId) one.isAnswered = true
    const chance = random.next()
    if (chance < 0.5) this.#wait(letter)
    else if (chance < 0.8) this.#done(letter)
    else this.#deliver(letter, ['Förbjud', letter.word], {})
  }

  /** Somebody who knows what is answered, and by whom, and was not sent the letter or is no person. */
  forge(): void {
    const { random, plant } = this.#world
    const { letters } = this.#world.police
    const letter = letters.length === 0 ? undefined : this.#world.pick(letters)
    if (letter === undefined) return
    if (plant === 'words-leaked') {
      this.#deliver(letter, ['vänta till 2027-01-01 12:00', letter.word], {})
      return
    }
    const lines = random.next() < 0.5 ? ['klart'] : ['vänta till 2026-01-01 12:00']
    const chance = random.next()
    if (chance < 0.4) this.#deliver(letter, lines, {})
    else if (chance < 0.7)
      this.#deliver(letter, [...lines, letter.word], { from: 'a@evil.example' })
    else {
      const headers = ['Auto-Submitted: auto-replied']
      this.#deliver(letter, [...lines, letter.word], { headers })
    }
  }

  /** An officer decides what the police proposed, and lifts what was forbidden long enough. */
  async decide(): Promise<void> {
    const world = this.#world
    const officer = world.as('officer')
    for (const { caseId, proposal, state } of (await world.live((e) =>
      e.as(officer).holds.list({}),
    )) ?? []) {
      const entry = await world.live((engine) => engine.as(officer).cases.show({ id: caseId }))
      if (entry === undefined) continue
      const act = proposal === null ? undefined : world.random.next() < 0.7 ? 'confirm' : 'reject'
      if (act === 'confirm' && proposal?.wish === 'forbid') {
        const done = await this.#persons.surely((e) =>
          e.as(officer).holds.change({ id: caseId, act }),
        )
        // Whether it was done before a crash is not known, and need not be.
        if (done?.state === 'forbidden') this.#truth.forbidden.add(entry.url)
      } else if (act !== undefined) {
        const change = { act: 'reject', reason: 'as played' } as const
        await this.#persons.surely((engine) =>
          engine.as(officer).holds.change({ id: caseId, ...change }),
        )
      } else if (state === 'forbidden' && world.random.next() < 0.2) {
        this.#truth.agree(entry.url)
        await this.#persons.surely((e) =>
          e.as(officer).holds.change({ id: caseId, act: 'release' }),
        )
      }
    }
  }

  #open(): PoliceLetter | undefined {
    const { clock, police } = this.#world
    const since = clock.trueMs - ANSWERED_DAYS * DAY_MS
    const open = police.letters.filter(({ isAnswered, toldMs }) => !isAnswered && toldMs > since)
    return open.length === 0 ? undefined : this.#world.pick(open)
  }

  #wait(letter: PoliceLetter): void {
    const { clock, random } = this.#world
    const hours = random.integer(WAIT_HOURS.from, WAIT_HOURS.to)
    const fromMs = Math.max(clock.now(), clock.trueMs)
    const untilMs = fromMs - (fromMs % HOUR_MS) + hours * HOUR_MS
    const until = new Date(untilMs).toISOString().slice(0, 16)
    this.#deliver(letter, [`vänta till ${until}Z`, letter.word], {})
    for (const url of letter.urls) {
      if (!this.#isTold(url)) this.#truth.waits.set(url, untilMs)
    }
  }

  #done(letter: PoliceLetter): void {
    for (const url of letter.urls) this.#truth.waits.delete(url)
    this.#deliver(letter, ['Klart', letter.word], {})
  }

  /** What comes when the host knows is too late: whoever is told after it is no news to them. */
  #isTold(url: string): boolean {
    if (this.#truth.byHand.has(url)) return true
    return this.#world.told.some(
      ({ to, urls, step }) => to !== POLICE && step !== 'correction' && urls.includes(url),
    )
  }

  #deliver(
    letter: PoliceLetter,
    lines: readonly string[],
    {
      from = POLICE,
      headers = [],
    }: { readonly from?: string; readonly headers?: readonly string[] },
  ): void {
    const { clock, plant } = this.#world
    if (plant === 'police-unheard') return
    const date = new Date(clock.trueMs).toUTCString()
    this.#world.deliver(answerTo(letter, lines, { from, date, headers }))
  }
}
