import { HOUR_MS, type SeededRandom } from '../../src/core/index.ts'
import { bytesOf, type Picture } from './media.ts'

/** What a host does once it has been told. */
export const MANNERS = [
  'removes-fast',
  'removes-slowly',
  'removes-after-reminder',
  'never',
  'placeholder',
  'moves',
  're-uploads',
  're-encodes',
  'blocks',
  'flaky',
  'bounces',
  'changes-provider',
] as const
export type Manners = (typeof MANNERS)[number]

/** What a URL shows at one moment; `blocked` and `broken` say nothing about it. */
export type Shown =
  | { readonly kind: 'media'; readonly picture: Picture }
  | { readonly kind: 'gone' | 'placeholder' | 'blocked' | 'broken' }

/** From a moment on. */
interface Change {
  readonly atMs: number
  readonly shown: Shown
}

/** One place at a host, with its whole past: what was true when. */
export class Page {
  readonly url: string
  readonly picture: Picture
  readonly #changes: Change[]

  constructor(url: string, picture: Picture, atMs: number) {
    this.url = url
    this.picture = picture
    this.#changes = [{ atMs, shown: { kind: 'media', picture } }]
  }

  shownAt(ms: number): Shown {
    const change = this.#changes.filter(({ atMs }) => atMs <= ms).at(-1)
    return change?.shown ?? { kind: 'gone' }
  }

  /** Whether the picture can be had there, be it kept from us for now or not. */
  isThereAt(ms: number): boolean {
    const told = this.#changes.filter(({ atMs, shown }) => atMs <= ms && isTelling(shown)).at(-1)
    return told?.shown.kind === 'media' && told.shown.picture.subject === this.picture.subject
  }

  /** When it was taken away last, before or at a moment. */
  goneSince(ms: number): number | undefined {
    return this.#changes.filter(({ atMs, shown }) => atMs <= ms && isAway(shown)).at(-1)?.atMs
  }

  change(atMs: number, shown: Shown): void {
    const index = this.#changes.findIndex((later) => later.atMs > atMs)
    this.#changes.splice(index < 0 ? this.#changes.length : index, 0, { atMs, shown })
  }
}

function isTelling({ kind }: Shown): boolean {
  return kind !== 'blocked' && kind !== 'broken'
}

function isAway({ kind }: Shown): boolean {
  return kind === 'gone' || kind === 'placeholder'
}

/** Plans what becomes of a page after its host was told (again), by the manners of the host. */
export function react(
  page: Page,
  manners: Manners,
  step: string,
  nowMs: number,
  random: SeededRandom,
): void {
  const at = (low: number, high: number) => nowMs + random.between(low, high) * HOUR_MS
  const gone: Shown = { kind: 'gone' }
  switch (manners) {
    case 'removes-fast':
    case 'changes-provider':
    case 'moves':
      page.change(at(0.1, 3), gone)
      return
    case 'removes-slowly':
      page.change(at(10, 90), gone)
      return
    case 'removes-after-reminder':
      if (step !== 'notice') page.change(at(1, 24), gone)
      return
    case 'placeholder':
      page.change(at(0.5, 12), { kind: 'placeholder' })
      return
    case 're-uploads': {
      const back = at(100, 1_200)
      page.change(at(0.5, 6), gone)
      page.change(back, { kind: 'media', picture: { ...page.picture, variant: 3 } })
      return
    }
    case 're-encodes':
      page.change(at(0.5, 6), { kind: 'media', picture: { ...page.picture, variant: 2 } })
      if (step !== 'notice') page.change(at(8, 30), gone)
      return
    case 'blocks':
      page.change(at(0.5, 6), { kind: 'blocked' })
      if (step !== 'notice') page.change(at(30, 60), gone)
      return
    case 'flaky': {
      // Away for us a few times, which is no removal.
      for (let hour = 2; hour < 40; hour += 6) {
        page.change(nowMs + hour * HOUR_MS, { kind: 'broken' })
        page.change(nowMs + (hour + 2) * HOUR_MS, page.shownAt(nowMs))
      }
      page.change(at(45, 90), gone)
      return
    }
    case 'never':
    case 'bounces':
      return
  }
}

const PLACEHOLDER: Picture = { subject: 'this content was removed', variant: 0 }

/** What the wire says of it. */
export function answerOf(shown: Shown): { status: number; bytes: Uint8Array; contentType: string } {
  const html = (status: number, text: string) => ({
    status,
    bytes: new Uint8Array(Buffer.from(`<!doctype html><p>${text}</p>`)),
    contentType: 'text/html',
  })
  switch (shown.kind) {
    case 'media':
      return { status: 200, bytes: bytesOf(shown.picture), contentType: 'image/jpeg' }
    case 'placeholder':
      return { status: 200, bytes: bytesOf(PLACEHOLDER), contentType: 'image/jpeg' }
    case 'gone':
      return html(404, 'not found')
    case 'blocked':
      return html(200, 'sign in to go on')
    case 'broken':
      return html(503, 'try again later')
  }
}
