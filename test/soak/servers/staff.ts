import { setTimeout as sleep } from 'node:timers/promises'
import { createHindraClient, type HindraClient } from '../../../src/client/index.ts'
import type { SeededRandom } from '../../../src/core/index.ts'
import { ERRORS, HindraError } from '../../../src/errors.ts'
import type { Act, Line } from './history.ts'
import type { House } from './house.ts'
import type { Pictures } from './pictures.ts'

const AGAIN_MS = 300
/** Of what hosts were told of, they take down one of so many. */
const REMOVED_ONE_IN = 3

/** Those who work at the house, each at whatever server the balancer gives them. */
export class Staff {
  readonly #house: House
  readonly #pictures: Pictures
  readonly #random: SeededRandom
  readonly #record: (line: Line) => void
  readonly #clients = new Map<string, HindraClient>()
  /** Refusals that nobody expects, by what they were at and why. */
  readonly refusals = new Map<string, number>()

  constructor(
    house: House,
    pictures: Pictures,
    random: SeededRandom,
    record: (line: Line) => void,
  ) {
    this.#house = house
    this.#pictures = pictures
    this.#random = random
    this.#record = record
  }

  /** What is known from the beginning. */
  async registerSteady(): Promise<void> {
    for (const picture of this.#pictures.steady) await this.#enter(picture)
  }

  /** All that people do, until it is over. */
  work(lines: readonly Line[], signal: AbortSignal): readonly Promise<void>[] {
    return [
      this.#often('curating', signal, 4_000, () => this.#curate()),
      this.#often('reviewing', signal, 1_000, () => this.#review()),
      this.#often('tidying up', signal, 1_500, () => this.#tidyUp(lines)),
      this.#often('sending', signal, 4_000, async () => {
        await this.#as('ola').notices.send()
      }),
      ...(['anna', 'anton'] as const).map((who) =>
        this.#often('taking', signal, 700, () => this.#takeOne(who, lines)),
      ),
    ]
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) await client.close()
  }

  #as(who: keyof House['keys']): HindraClient {
    const { url, keys } = this.#house
    const client = this.#clients.get(who) ?? createHindraClient({ url, key: keys[who] })
    this.#clients.set(who, client)
    return client
  }

  /** Again and again; what fails because a server is away is left for the next time. */
  async #often(
    what: string,
    signal: AbortSignal,
    eachMs: number,
    work: () => Promise<void>,
  ): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#random.integer(eachMs / 2, eachMs * 1.5))
      try {
        await work()
      } catch (error) {
        if (!passes(error)) this.#note(what, error)
      }
    }
  }

  #note(what: string, error: unknown): void {
    const why = error instanceof HindraError ? `${error.code} (${error.message})` : String(error)
    const refusal = `${what}: ${why}`
    this.refusals.set(refusal, (this.refusals.get(refusal) ?? 0) + 1)
  }

  /** Tries until it is done. Who tried before may have done it without being told. */
  async #surely(work: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await work()
        return
      } catch (error) {
        if (tries > 0 && !passes(error)) return
        if (!passes(error)) throw error
        await sleep(AGAIN_MS)
      }
    }
  }

  /** A picture becomes known, and perhaps is not any more. */
  async #curate(): Promise<void> {
    const picture = await this.#pictures.another()
    const itemId = await this.#enter(picture)
    await sleep(this.#random.integer(1_000, 6_000))
    if (itemId === undefined || this.#random.integer(0, 3) === 0) return
    const reason = 'it was wrong'
    await this.#act('retract', picture, itemId, () =>
      this.#as('ola').items.retract({ id: itemId, reason }),
    )
  }

  async #enter(picture: number): Promise<string | undefined> {
    const media = Buffer.from(this.#pictures.file(picture, true)).toString('base64')
    this.#record({ begins: 'propose', at: performance.now(), picture })
    let itemId: string | undefined
    await this.#surely(async () => {
      const proposed = await this.#as('anna').items.propose({ media, classification: 'Baseline' })
      itemId = proposed.id
    })
    if (itemId === undefined) return undefined
    const id = itemId
    this.#record({ did: 'propose', at: performance.now(), picture, itemId })
    await sleep(this.#random.integer(100, 1_500))
    await this.#act('verify', picture, id, () =>
      this.#as('vera').items.verify({ id, reason: 'as tested' }),
    )
    return id
  }

  async #act(
    act: Act,
    picture: number,
    itemId: string,
    work: () => Promise<unknown>,
  ): Promise<void> {
    this.#record({ begins: act, at: performance.now(), picture })
    await this.#surely(work)
    this.#record({ did: act, at: performance.now(), picture, itemId })
  }

  /** What was seen while it was only proposed waits for a person. */
  async #review(): Promise<void> {
    const waiting = await this.#as('vera').cases.list({ decision: 'pending', limit: 3 })
    for (const { id } of waiting) {
      await this.#as('vera')
        .cases.decide({ id, decision: 'accepted', reason: 'as tested' })
        .catch((error: unknown) => {
          if (!isElsewhere(error)) throw error
        })
    }
  }

  /** Two people want the newest case at the same time; who gets it gives it back. */
  async #takeOne(who: 'anna' | 'anton', lines: readonly Line[]): Promise<void> {
    const { steady } = this.#pictures
    const seen = lines.findLast((line) => 'seen' in line && steady.includes(line.picture))
    const newest = lines.findLast(
      (line) => 'answered' in line && line.verdict === 'exact' && line.caseId !== undefined,
    )
    if (seen === undefined || newest === undefined || !('answered' in newest)) return
    const id = newest.caseId ?? ''
    try {
      await this.#as(who).caseAssignments.take({ id })
      this.#record({ took: id, at: performance.now(), by: who })
      await sleep(this.#random.integer(50, 500))
    } catch (error) {
      if (isElsewhere(error)) return
      if (!passes(error)) throw error
    }
    this.#record({ returns: id, at: performance.now(), by: who })
    await this.#surely(() =>
      this.#as(who)
        .caseAssignments.putBack({ id })
        .catch((error: unknown) => {
          if (!isElsewhere(error)) throw error
        }),
    )
  }

  /** Hosts take down some of what they were told of, and an officer has a look. */
  async #tidyUp(lines: readonly Line[]): Promise<void> {
    const places = lines.flatMap((line) => ('mail' in line ? line.urls : []))
    const place = places[this.#random.integer(0, places.length - 1)]
    if (place === undefined || this.#random.integer(1, REMOVED_ONE_IN) > 1) return
    const path = `/${place}.jpg`
    const host = this.#house.hosts.find((one) => one.remove(path))
    if (host === undefined) return
    this.#record({ removed: place, at: performance.now() })
    const url = `http://${host.address}:${host.port}${path}`
    for (const { id } of await this.#as('ola').cases.ofUrl({ url })) {
      await this.#as('ola').cases.recheck({ caseId: id })
    }
  }
}

/** Whether it may be better another time. */
function passes(error: unknown): boolean {
  return error instanceof HindraError && ERRORS[error.code].status >= 429
}

/** Somebody else was faster. */
function isElsewhere(error: unknown): boolean {
  return error instanceof HindraError && ['ASSIGNED', 'CONFLICT'].includes(error.code)
}
