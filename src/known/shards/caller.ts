import { Pool } from 'undici'
import { defined, type Random, type Sealer } from '../../core/index.ts'
import { HindraError, isErrorCode } from '../../errors.ts'
import type { Store } from '../../store/index.ts'
import type { KnownPart } from '../known-set.ts'
import { EQUAL_METHODS, type Searchable } from '../probes.ts'
import { type Answer, type ShardCall, sessionOf } from './messages.ts'
import { partedSeen } from './parted-seen.ts'

/** Requests that are under way at once: what is asked meanwhile goes with the next one, all together. */
const REQUESTS_MAX = 4
/** What goes together at most. */
const CALLS_MAX = 256
const BYTES_MAX = 8 * 1024 * 1024
/** What waits to be asked at most: more is refused at once. */
const WAITING_MAX = 16_384
/** Of a hash with what goes with it, about. */
const HASH_BYTES = 160
const NAME_BYTES = 16
/** A session seals no more than so many requests with its key: another one follows. */
const SESSION_REQUESTS = 2 ** 24

/** Asks another process of the house for what it holds. */
export interface ShardCaller {
  readonly part: KnownPart
  close(): Promise<void>
}

interface Waiting {
  readonly call: ShardCall
  readonly bytes: number
  /** Nobody waits for it after this. */
  readonly untilMs: number
  readonly answered: (answer: Answer) => void
  readonly failed: (error: unknown) => void
}

/** @param address Host and port. @param answerMs How long who asks waits */
export function createShardCaller(
  context: { readonly store: Store; readonly sealer: Sealer; readonly random: Random },
  address: string,
  answerMs: number,
): ShardCaller {
  const { store, sealer, random } = context
  const pool = new Pool(`http://${address}`, {
    connections: REQUESTS_MAX,
    connect: { timeout: answerMs },
    headersTimeout: answerMs,
    bodyTimeout: answerMs,
  })
  let session = newSession()
  let waiting: Waiting[] = []
  let requests = 0
  let isDue = false

  return {
    part: {
      search: (fingerprint, radius) =>
        ask({ method: 'search', given: [soughtIn(fingerprint), radius] }),
      searchHashes: (...given) => ask({ method: 'searchHashes', given }),
      proposals: (whole, limit) => {
        const { seen, unsure } = partedSeen(whole)
        return ask({ method: 'proposals', given: [seen, limit], unsure })
      },
      resembling: (...given) => ask({ method: 'resembling', given }),
    },
    close: () => pool.close(),
  }

  function newSession() {
    const name = Buffer.from(random.bytes(NAME_BYTES)).toString('hex')
    return { name, ...sessionOf(name, sealer, random), left: SESSION_REQUESTS }
  }

  /** What is found is of the type that the method has: a process of this house has sealed it as the answer to this. */
  async function ask<Found>(call: ShardCall): Promise<Found> {
    if (waiting.length >= WAITING_MAX) throw new HindraError('SHARD_MISSING', 'too much waits')
    const answer = await new Promise<Answer>((answered, failed) => {
      const untilMs = performance.now() + answerMs
      waiting.push({ call, bytes: bytesOf(call), untilMs, answered, failed })
      sendSoon()
    })
    if ('fault' in answer) throw faultOf(answer.fault)
    return answer.found as Found
  }

  /** A newer version may name what this one has no word for. */
  function faultOf(code: string): HindraError {
    return new HindraError(isErrorCode(code) ? code : 'SHARD_MISSING', `${address} says so`)
  }

  /** After what is being asked now: it goes together. */
  function sendSoon(): void {
    if (isDue || requests >= REQUESTS_MAX) return
    isDue = true
    setImmediate(() => {
      isDue = false
      while (waiting.length > 0 && requests < REQUESTS_MAX) void send(taken())
    })
  }

  function taken(): Waiting[] {
    let bytes = 0
    const end = waiting.findIndex((one, position) => {
      bytes += one.bytes
      return position > 0 && (position >= CALLS_MAX || bytes > BYTES_MAX)
    })
    const together = waiting.slice(0, end < 0 ? waiting.length : end)
    waiting = waiting.slice(together.length)
    const now = performance.now()
    return together.filter(({ untilMs }) => untilMs > now)
  }

  async function send(together: readonly Waiting[]): Promise<void> {
    if (together.length === 0) return
    requests += 1
    try {
      const answers = await answersTo(together.map(({ call }) => call))
      together.forEach(({ answered }, position) => {
        answered(answers[position] ?? { fault: 'SHARD_MISSING' })
      })
    } catch (cause) {
      const error = new HindraError('SHARD_MISSING', `${address} does not answer`, { cause })
      for (const { failed } of together) failed(error)
    } finally {
      requests -= 1
      if (waiting.length > 0) sendSoon()
    }
  }

  async function answersTo(calls: readonly ShardCall[]): Promise<readonly Answer[]> {
    if (session.left <= 0) session = newSession()
    session.left -= 1
    const current = session
    const nonce = Buffer.from(random.bytes(NAME_BYTES)).toString('hex')
    const body = current.sealQuestions({ after: store.version(), nonce, calls })
    const answer = await pool.request({ method: 'POST', path: `/${current.name}`, body })
    const sealed = await answer.body.arrayBuffer()
    if (answer.statusCode !== 200) {
      throw new HindraError('SHARD_MISSING', `${address} answers ${answer.statusCode}`)
    }
    return current.openAnswers(new Uint8Array(sealed), nonce)
  }
}

/** What a search looks at, and nothing else: features and what is told of a file stay here. */
function soughtIn(fingerprint: Searchable): Searchable {
  const digests = EQUAL_METHODS.map((method) => [method, fingerprint[method] ?? undefined] as const)
  const views = fingerprint.views.map(({ name, pdq, quality, seconds }) => {
    return { name, pdq, quality, ...defined({ seconds }) }
  })
  return { ...Object.fromEntries(digests), views }
}

function bytesOf(call: ShardCall): number {
  switch (call.method) {
    case 'search':
      return call.given[0].views.length * HASH_BYTES
    case 'searchHashes':
      return call.given[0].length * HASH_BYTES
    case 'proposals':
      return call.given[0].length + (call.unsure?.length ?? 0)
    case 'resembling':
      return call.given[0].vector.length
  }
}
