import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NatsOperator } from '../../../fixtures/servers/nats.ts'
import { createHindraClient, type Sighting } from '../../../src/client/index.ts'
import type { SeededRandom } from '../../../src/core/index.ts'
import { type House, SUBJECT } from './house.ts'
import type { Line } from './history.ts'
import type { Pictures } from './pictures.ts'

/** Between two sightings of one crawler: much for the house, and not too much for the machine that it stands on. */
const SEEN_EACH_MS = { least: 200, most: 1_000 }
const AGAIN_MS = 200

type Record = (line: Line) => void
type Seen = Sighting & { readonly idempotencyKey: string }

/** Two crawlers, one of which tells the house itself, the other one by NATS. Each resolves once all it saw was taken. */
export function startCrawlers(
  house: House,
  operator: NatsOperator,
  pictures: Pictures,
  random: SeededRandom,
  record: Record,
  signal: AbortSignal,
): readonly Promise<void>[] {
  return [submit(), publish()]

  async function submit(): Promise<void> {
    const client = createHindraClient({ url: house.url, key: house.keys.crawler })
    for await (const { sighting, answer } of client.submit(seenBy('api'), { idleMs: 500 })) {
      const { idempotencyKey: id } = sighting
      const at = performance.now()
      if ('error' in answer) record({ refused: id, at, code: answer.error.code })
      else record({ answered: id, at, ...answer })
    }
    await client.close()
  }

  async function publish(): Promise<void> {
    for await (const seen of seenBy('nats')) {
      const { idempotencyKey: id } = seen
      const text = JSON.stringify(seen)
      for (let isTaken = false; !isTaken; ) {
        isTaken = await operator.streams.publish(SUBJECT, text, { msgID: id }).then(
          () => true,
          () => sleep(AGAIN_MS, false),
        )
      }
      record({ published: id, at: performance.now() })
    }
  }

  async function* seenBy(crawler: string): AsyncGenerator<Seen> {
    const see = eyesOf(crawler, house, pictures, random, record)
    while (!signal.aborted) {
      yield see()
      await sleep(random.integer(SEEN_EACH_MS.least, SEEN_EACH_MS.most))
    }
  }
}

/** Sees one thing after the other: new ones, and now and then what was seen before, at the same URL. */
function eyesOf(
  crawler: string,
  house: House,
  pictures: Pictures,
  random: SeededRandom,
  record: Record,
): () => Seen {
  let count = 0
  let before: { readonly url: string; readonly place: string; readonly picture: number } | undefined

  function anotherPlace(picture: number) {
    const place = `seen-${crawler}-${count}`
    const { hosts } = house
    const host = hosts[random.integer(0, hosts.length - 1)]
    const bytes = pictures.file(picture, random.integer(0, 1) === 0)
    host?.upload({ path: `/${place}.jpg`, contentType: 'image/jpeg', bytes })
    const url = `http://${host?.address ?? ''}:${host?.port ?? 0}/${place}.jpg`
    return { url, place, picture }
  }

  return () => {
    count += 1
    const isAgain = before !== undefined && random.integer(0, 9) === 0
    const seen = isAgain && before !== undefined ? before : anotherPlace(pictures.any(random))
    const { url, place, picture } = seen
    const idempotencyKey = `${crawler}-${count}`
    record({ seen: idempotencyKey, at: performance.now(), url: place, picture })
    const said = { url, idempotencyKey, fetchedAt: new Date().toISOString() }
    // What is looked at later may be gone by then. What waits for NATS is in files, where no media may be.
    if (crawler === 'nats' || (!isAgain && random.integer(0, 2) === 0)) {
      const value = createHash('sha256').update(pictures.file(picture, true)).digest('hex')
      return { ...said, hashes: [{ type: 'sha256', value }] }
    }
    if (pictures.steady.includes(picture)) before = seen
    return { ...said, media: pictures.file(picture, random.integer(0, 1) === 0) }
  }
}
