import type { Alert } from '../../src/cases/index.ts'
import { HOUR_MS, isoTime } from '../../src/core/index.ts'
import type { Engine } from '../../src/engine.ts'
import type { Trouble } from './crash.ts'
import type { Persons } from './persons.ts'
import { elsewhere, recipientAt } from './told.ts'
import type { Truth } from './truth.ts'
import { ALERT_HOOKS } from './settings.ts'
import type { World } from './world.ts'

const PIPELINE = 'pipeline'
const OFFICER = 'officer'
const LOOK_AGAIN_HOURS = 12

/** Whoever is told of alerts: endpoints, a pipeline that follows them, an officer who acts on them. */
export class Desk {
  readonly #world: World
  readonly #truth: Truth
  readonly #persons: Persons
  /** Cases of which a person had to say whether it is still there. */
  readonly asked = new Set<string>()

  constructor(world: World, truth: Truth, persons: Persons) {
    this.#world = world
    this.#truth = truth
    this.#persons = persons
  }

  async open(): Promise<void> {
    const { engine, secrets } = this.#world
    for (const url of ALERT_HOOKS) {
      const { secret } = await engine.as(this.#world.as('admin')).webhooks.add({ url })
      secrets.set(url, secret)
    }
    // From here on nothing is removed that they have not had.
    await engine
      .as(this.#world.as('pipeline'))
      .alerts.acknowledge({ consumer: PIPELINE, cursor: '0' })
    await engine
      .as(this.#world.as('pipeline', OFFICER))
      .alerts.acknowledge({ consumer: OFFICER, cursor: '0' })
  }

  /** Alerts are posted, as far as endpoints take them. */
  async post(trouble: Trouble | undefined): Promise<void> {
    await this.#world.dispatch((engine) => engine.stages.alerts.deliver(), trouble)
  }

  /** What endpoints did not take in all tries, an admin posts once more. */
  async resend(): Promise<void> {
    const admin = this.#world.as('admin')
    const hooks = await this.#world.live((engine) => engine.as(admin).webhooks.list())
    for (const { id, deadLetters } of hooks ?? []) {
      if (deadLetters > 0)
        await this.#persons.surely((engine) => engine.as(admin).webhooks.resend({ id }))
    }
  }

  /** Follows the feed from where it had come to; what it had before a crash comes again. */
  async follow(dieAfter: number): Promise<void> {
    await this.#world.live((engine) => this.#followed(engine), dieAfter)
  }

  async #followed(engine: Engine): Promise<void> {
    const by = this.#world.as('pipeline')
    const stop = new AbortController()
    const stream = await engine.stages.alerts.reading.open({ consumer: PIPELINE })
    const reader = stream.pages(stop.signal)[Symbol.asyncIterator]()
    try {
      // It would wait for what comes next.
      while ((await engine.as(by).alerts.list({ consumer: PIPELINE, limit: 1 })).length > 0) {
        const { value } = (await reader.next()) as { value: readonly Alert[] }
        for (const alert of value) this.#world.readerOf(PIPELINE).take(alert)
        await engine
          .as(by)
          .alerts.acknowledge({ consumer: PIPELINE, cursor: value.at(-1)?.cursor ?? '' })
      }
    } finally {
      stop.abort()
      await reader.return?.()
      stream.closed()
    }
  }

  /** The officer reads what is new and acts on what reached nobody; nothing else makes him. */
  async attend(): Promise<void> {
    const world = this.#world
    if (world.plant === 'alerts-unread') return
    const by = world.as('pipeline', OFFICER)
    for (;;) {
      const page = await world.live((engine) => engine.as(by).alerts.list({ consumer: OFFICER }))
      const last = page?.at(-1)
      if (page === undefined || last === undefined) return
      for (const alert of page) {
        world.readerOf(OFFICER).take(alert)
        if (alert.notice !== undefined) await this.#settle(alert.notice.id)
        if (alert.kind === 'unverified') await this.#lookAt(alert.caseId ?? '')
      }
      await this.#persons.surely((engine) =>
        engine.as(by).alerts.acknowledge({ consumer: OFFICER, cursor: last.cursor }),
      )
    }
  }

  /** Looks at what no look of the process could tell, and says what is there; behind a login, later. */
  async #lookAt(caseId: string): Promise<void> {
    const { clock, looks, pages, plant } = this.#world
    if (plant === 'doubts-unanswered') return
    const officer = this.#world.as('officer')
    const entry = await this.#world.live((engine) => engine.as(officer).cases.show({ id: caseId }))
    const page = pages.get(entry?.url ?? '')
    if (page === undefined || (entry?.unverified ?? null) === null) return
    this.asked.add(caseId)
    const shown = page.shownAt(clock.trueMs)
    const isThere = page.isThereAt(clock.trueMs)
    const showed = isThere && shown.kind === 'media' ? shown.picture : undefined
    for (const processMs of this.#world.nows())
      looks.add(page.url, { processMs, trueMs: clock.trueMs, showed })
    const at = isoTime(clock.now() + LOOK_AGAIN_HOURS * HOUR_MS)
    const given = page.isTellingAt(clock.trueMs)
      ? ({ answer: isThere ? 'still-there' : 'gone' } as const)
      : ({ answer: 'look-again', at } as const)
    await this.#persons.surely((engine) =>
      engine.as(officer).cases.answerLook({ id: caseId, ...given, reason: 'looked at' }),
    )
  }

  /** Sends it again, elsewhere, tells it by hand or decides that it need not arrive. */
  async #settle(id: string): Promise<void> {
    const { random } = this.#world
    const officer = this.#world.as('officer')
    const notice = await this.#world.live((engine) => engine.as(officer).notices.show({ id }))
    if (notice === undefined || notice.undelivered === null) return
    if (notice.undelivered.setAside !== null) return
    const { recipient, channel, caseId, state } = notice
    const { retries } = this.#world
    retries.set(id, (retries.get(id) ?? 0) + 1)
    const by = random.next()
    if (by < 0.7) {
      const isElsewhere = channel === 'mail' && (state === 'bounced' || by < 0.3)
      const mail = isElsewhere ? elsewhere(recipient) : undefined
      await this.#persons.surely((engine) => engine.as(officer).notices.retry({ id, mail }))
      return
    }
    const { url } = await this.#world.engine.as(officer).cases.show({ id: caseId })
    const to = recipientAt(recipient.replace('webhook:', ''))
    if (by < 0.9)
      await this.#persons.surely((engine) => engine.as(officer).notices.markTold({ id }))
    else
      await this.#persons.surely((engine) =>
        engine.as(officer).notices.setAside({ id, reason: 'no use' }),
      )
    this.#truth.settle(to, url, notice.step)
  }

  /** All that there is has reached everybody. Throws Violation. */
  async check(): Promise<void> {
    const { engine, readers } = this.#world
    const [consumer] = await engine.as(this.#world.as('auditor')).alerts.consumers()
    const newest = Number(consumer?.cursor ?? 0) + (consumer?.lag ?? 0)
    for (const reader of readers.values()) reader.checkWhole(newest)
  }
}
