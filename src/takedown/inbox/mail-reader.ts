import {
  createReadingRoom,
  type ReadingLimits,
  type WorkerFile,
  workerFile,
} from '../../core/index.ts'
import type { Incoming } from './incoming.ts'

/** `readIncoming`, elsewhere. Throws MAIL_UNREADABLE, WORKER_NOT_STARTED, OVERLOADED. */
export type ReadMail = (raw: Uint8Array) => Promise<Incoming>

/** Reads mails in a thread of its own. */
export interface MailReader {
  readonly read: ReadMail
  close(): Promise<void>
}

/** The worst mail takes a second and 100 MiB, most of it beside the heap. */
const MAIL_LIMITS: ReadingLimits = { secondsMax: 10, memoryMib: 256 }

export function createMailReader({
  worker = workerFile('mail-worker', import.meta.url),
  limits = MAIL_LIMITS,
}: {
  readonly worker?: WorkerFile
  readonly limits?: ReadingLimits
} = {}): MailReader {
  const room = createReadingRoom<Uint8Array, Incoming>({
    ...{ worker, limits, unreadable: 'MAIL_UNREADABLE' },
  })
  return {
    read(raw) {
      const own = new Uint8Array(raw)
      return room.read(own, [own.buffer])
    },
    close: () => room.close(),
  }
}
