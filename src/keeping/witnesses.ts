import { existsSync } from 'node:fs'
import {
  type Checkpoint,
  checkpointsIn,
  type Epoch,
  keepCheckpoint,
  keptCheckpoints,
} from '../audit/index.ts'
import type { Config } from '../config.ts'
import { isoTime, type NewId, SECOND_MS } from '../core/index.ts'
import { type MailTransport, plainMail } from '../takedown/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import { callOut, type Destinations, type Post, PostError } from '../post/index.ts'

const ANSWER_MS = 10 * SECOND_MS
const ANSWER_BYTES_MAX = 1024 * 1024

/** A place outside the data directory that has seen the audit. */
export interface Witness {
  /** For messages; of a URL the host alone, as the rest may be a secret. */
  readonly name: string
  /**
   * Adds a checkpoint. Throws AUDIT_BROKEN where a file has seen a longer chain, FETCH_FAILED, FETCH_REFUSED,
   * and what the system or the mail server says.
   */
  keep(checkpoint: Checkpoint, epochs: readonly Epoch[]): Promise<void>
  /** What it has seen; null where it cannot be asked (a mail). Throws INVALID_INPUT, FETCH_FAILED, FETCH_REFUSED. */
  seen(): Promise<readonly Checkpoint[] | null>
}

/** A witness, and when it was given a checkpoint last; null where it never was. */
export interface WitnessAge {
  readonly name: string
  readonly at: string | null
}

/** How a witness is reached. */
export interface WitnessWays {
  readonly destinations: Destinations
  readonly post: Post
  readonly transport: Pick<MailTransport, 'send'>
  readonly sender: Pick<Config['mail'], 'from' | 'organisation'>
  readonly now: () => number
  readonly newId: NewId
}

/** Throws URL_INVALID for a URL of another kind, FETCH_REFUSED where plain http is not allowed. */
export function witnessAt(place: string, ways: WitnessWays): Witness {
  if (place.startsWith('mailto:')) return byMail(place.slice('mailto:'.length), ways)
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) return atUrl(place, ways)
  return inFile(place)
}

/** All that the settings name. */
export function witnessesOf(settings: Config['audit'], ways: WitnessWays): readonly Witness[] {
  const { checkpointFile, witnesses } = settings
  const places = checkpointFile === undefined ? witnesses : [checkpointFile, ...witnesses]
  return places.map((place) => witnessAt(place, ways))
}

/**
 * What the witnesses have seen that can be asked now.
 *
 * @param ages When each was given a checkpoint last
 * @param warn Told of those that cannot be asked
 */
export async function seenBy(
  witnesses: readonly Witness[],
  ages: readonly WitnessAge[],
  warn: (message: string) => void,
): Promise<readonly Checkpoint[]> {
  const seen = await Promise.all(
    witnesses.map(async (witness) => {
      const { name } = witness
      try {
        return (await witness.seen()) ?? []
      } catch (error) {
        const { code, message } = toHindraError(error)
        const at = ages.find((age) => age.name === name)?.at ?? null
        const last = at === null ? 'it never was given a checkpoint' : `its last one is of ${at}`
        warn(`the witness ${name} cannot be asked (${code}: ${message}); ${last}`)
        return []
      }
    }),
  )
  return seen.flat()
}

function inFile(file: string): Witness {
  return {
    name: file,
    keep: (checkpoint, epochs) => keepCheckpoint(file, checkpoint, epochs),
    seen() {
      if (existsSync(file)) return Promise.resolve(keptCheckpoints(file))
      return Promise.reject(new HindraError('NOT_FOUND', 'no such file'))
    },
  }
}

function atUrl(url: string, { destinations, post }: WitnessWays): Witness {
  const name = destinations.check(url).host
  return {
    name,
    async keep(checkpoint) {
      const { status } = await post(url, {}, JSON.stringify(checkpoint)).catch((error: unknown) => {
        if (!(error instanceof PostError)) throw error
        throw new HindraError('FETCH_FAILED', `the witness was not reached: ${error.message}`)
      })
      if (status < 200 || status >= 300) throw answered(status)
    },
    async seen() {
      const target = destinations.check(url)
      const answer = await callOut(target, await destinations.addresses(target), {
        method: 'GET',
        headers: { accept: 'application/x-ndjson' },
        signal: AbortSignal.timeout(ANSWER_MS),
      })
      const { status, body } = answer
      try {
        if (status < 200 || status >= 300) throw answered(status)
        return checkpointsIn(await textOf(body), name)
      } finally {
        body.on('error', () => undefined).destroy()
      }
    },
  }
}

function byMail(to: string, { transport, sender, now, newId }: WitnessWays): Witness {
  return {
    name: `mailto:${to}`,
    async keep(checkpoint) {
      const { from, organisation } = sender
      const id = newId()
      const { messageId, mail } = plainMail(
        {
          id,
          from,
          organisation,
          to,
          at: isoTime(now()),
          language: 'en',
          isUrgent: false,
        },
        {
          subject: `Hindra: checkpoint ${checkpoint.count} of the audit`,
          body: textFor(checkpoint),
        },
      )
      const raw = await mail.build()
      await transport.send({ envelopeId: id, messageId, channel: 'mail', from, to, raw })
    },
    seen: () => Promise.resolve(null),
  }
}

function textFor(checkpoint: Checkpoint): string {
  return `Keep this mail: it proves what the audit of Hindra held.
The line goes into a file of checkpoints for "hindra audit verify --checkpoint FILE".

${JSON.stringify(checkpoint)}
`
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > ANSWER_BYTES_MAX) throw new HindraError('TOO_LARGE', 'over 1 MiB of checkpoints')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function answered(status: number): HindraError {
  return new HindraError('FETCH_FAILED', `the witness answered with ${status}`)
}
