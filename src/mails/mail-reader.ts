import {
  createReadingRoom,
  type ReadingLimits,
  type WorkerFile,
  workerFile,
} from '../core/index.ts'
import type { Incoming } from './incoming.ts'
import type { MailParsers, MailJob } from './mail-parsers.ts'
import type { KeyRecords, Signed, TextRecords } from './proof.ts'

/** Reads mails elsewhere. Throws MAIL_UNREADABLE, WORKER_NOT_STARTED, OVERLOADED. */
export interface MailReader {
  /** `readIncoming`. */
  read(raw: Uint8Array, charsMax?: number): Promise<Incoming>
  /** The signature that holds for its address; undefined where there is none, or the DNS does not answer. */
  signed(
    raw: Uint8Array,
    mail: Pick<Incoming, 'from' | 'once'>,
    by: { readonly texts: TextRecords; readonly nowMs: number },
  ): Promise<Signed | undefined>
  close(): Promise<void>
}

/** The worst mail takes a second and 100 MiB, most of it beside the heap. */
const MAIL_LIMITS: ReadingLimits = { secondsMax: 10, memoryMib: 256 }

/** In a thread of its own, which asks nobody: the DNS is asked from here. */
export function createMailReader({
  worker = workerFile('mail-worker', import.meta.url),
  limits = MAIL_LIMITS,
}: {
  readonly worker?: WorkerFile
  readonly limits?: ReadingLimits
} = {}): MailReader {
  const room = createReadingRoom<MailJob, unknown>({
    worker,
    limits,
    unreadable: 'MAIL_UNREADABLE',
  })
  const parsers: MailParsers = {
    // The worker answers what it was asked.
    read: (...args) => room.read({ name: 'read', args }) as ReturnType<MailParsers['read']>,
    proof: (...args) => room.read({ name: 'proof', args }) as ReturnType<MailParsers['proof']>,
  }
  return mailReaderOver(parsers, () => room.close())
}

export function mailReaderOver(
  parsers: MailParsers,
  close: () => Promise<void> = () => Promise.resolve(),
): MailReader {
  return {
    read: (raw, charsMax) => parsers.read(alone(raw), charsMax),
    async signed(raw, { from, once }, { texts, nowMs }) {
      const own = alone(raw)
      const { signed, lacks } = await parsers.proof(own, { from, once }, new Map(), nowMs)
      if (lacks.length === 0) return signed
      const keys = await recordsOf(lacks, texts)
      return (await parsers.proof(own, { from, once }, keys, nowMs)).signed
    },
    close,
  }
}

/** What is sent to a thread takes all the memory along that it is a part of. */
function alone(raw: Uint8Array): Uint8Array {
  return new Uint8Array(raw)
}

/** A name that has none is left out. */
async function recordsOf(names: readonly string[], texts: TextRecords): Promise<KeyRecords> {
  const records = new Map<string, readonly (readonly string[])[]>()
  for (const name of names) {
    const found = await texts(name).catch(() => undefined)
    if (found !== undefined) records.set(name, found)
  }
  return records
}
