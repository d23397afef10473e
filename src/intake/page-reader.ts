import {
  createReadingRoom,
  type ReadingLimits,
  type WorkerFile,
  workerFile,
} from '../core/index.ts'
import type { MediaLink, PageLimits } from './page-media.ts'

export interface ForeignPage {
  readonly html: Uint8Array
  readonly pageUrl: string
  readonly limits: PageLimits
}

/** `mediaOnPage`, elsewhere. Throws PAGE_UNREADABLE, WORKER_NOT_STARTED, OVERLOADED. */
export type ReadPage = (
  html: Uint8Array,
  pageUrl: string,
  limits: PageLimits,
) => Promise<readonly MediaLink[]>

/** Reads pages in a thread of its own. */
export interface PageReader {
  readonly media: ReadPage
  close(): Promise<void>
}

/** A page of 2 MiB takes half a second, and the worst that is known a little over one. */
const PAGE_LIMITS: ReadingLimits = { secondsMax: 10, memoryMib: 128 }

export function createPageReader({
  worker = workerFile('page-worker', import.meta.url),
  limits = PAGE_LIMITS,
}: {
  readonly worker?: WorkerFile
  readonly limits?: ReadingLimits
} = {}): PageReader {
  const room = createReadingRoom<ForeignPage, readonly MediaLink[]>({
    worker,
    limits,
    unreadable: 'PAGE_UNREADABLE',
  })
  return {
    media(page, pageUrl, limits) {
      const html = new Uint8Array(page.subarray(0, limits.bytesMax))
      return room.read({ html, pageUrl, limits }, [html.buffer])
    },
    close: () => room.close(),
  }
}
