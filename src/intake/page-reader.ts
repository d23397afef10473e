import {
  createReadingRoom,
  type ReadingLimits,
  type WorkerFile,
  workerFile,
} from '../core/index.ts'
import type { LegibleLimits, LegiblePage, FoundPage } from './page-legible.ts'
import type { MediaLink, PageLimits } from './page-media.ts'

/** One page, and what of it is asked. */
export type ForeignPage =
  | {
      readonly asks: 'media'
      readonly html: Uint8Array
      readonly pageUrl: string
      readonly limits: PageLimits
    }
  | {
      readonly asks: 'text'
      readonly html: Uint8Array
      readonly found: FoundPage
      readonly limits: LegibleLimits
    }

/** `mediaOnPage`, elsewhere. Throws PAGE_UNREADABLE, WORKER_NOT_STARTED, OVERLOADED. */
export type ReadPage = (
  html: Uint8Array,
  pageUrl: string,
  limits: PageLimits,
) => Promise<readonly MediaLink[]>

/** `legiblePage`, elsewhere. Throws as `ReadPage`. */
type ReadPageText = (
  html: Uint8Array,
  found: FoundPage,
  limits: LegibleLimits,
) => Promise<LegiblePage>

/** Reads pages in a thread of its own. */
export interface PageReader {
  readonly media: ReadPage
  readonly text: ReadPageText
  close(): Promise<void>
}

/** A page of 2 MiB takes half a second, and the worst that is known a little over one. */
const PAGE_LIMITS: ReadingLimits = { secondsMax: 10, memoryMib: 128 }

export function createPageReader({
  worker = workerFile('page-worker', import.meta.url),
  limits: roomLimits = PAGE_LIMITS,
}: {
  readonly worker?: WorkerFile
  readonly limits?: ReadingLimits
} = {}): PageReader {
  const room = createReadingRoom<ForeignPage, unknown>({
    worker,
    limits: roomLimits,
    unreadable: 'PAGE_UNREADABLE',
  })
  return {
    async media(page, pageUrl, limits) {
      const html = new Uint8Array(page.subarray(0, limits.bytesMax))
      const read = await room.read({ asks: 'media', html, pageUrl, limits }, [html.buffer])
      return read as readonly MediaLink[]
    },
    async text(page, found, limits) {
      // One more than is read says that there is more.
      const html = new Uint8Array(page.subarray(0, limits.bytesMax + 1))
      const read = await room.read({ asks: 'text', html, found, limits }, [html.buffer])
      return read as LegiblePage
    },
    close: () => room.close(),
  }
}
