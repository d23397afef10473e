import type { Picture } from './gallery/gallery.ts'

/** Who looks: from where, and coming from which page. */
export interface Visitor {
  readonly vantage: string | undefined
  readonly referrer: string | undefined
}

/** The strangers from whom a host keeps what it still has, with a 404: they come from no page of the site. */
export const CLOAKS = ['strangers', 'who-comes-from-a-page', 'our-own-line'] as const
export type Cloak = (typeof CLOAKS)[number]

/** It is not there, and everybody sees so. */
export const ABSENCES = ['gone', 'removal-page', 'placeholder'] as const
/** Says nothing of what is there; `blip` is a 404 of an hour. */
export const BARRIERS = ['login', 'captcha', 'geo-block', 'block-page'] as const

/** What a URL shows at one moment. */
export type Shown =
  | { readonly kind: 'media'; readonly picture: Picture; readonly cloak?: Cloak }
  /** Of somebody who threatens: no media. */
  | { readonly kind: 'account' }
  | { readonly kind: (typeof ABSENCES)[number] }
  | { readonly kind: (typeof BARRIERS)[number] | 'broken' | 'dead' | 'blip' }

/** What changes from a moment on. */
interface Change {
  readonly atMs: number
  readonly shown: Shown
}

/** One place at a host, with its whole past: what was true when. */
export class Page {
  readonly url: string
  /** Undefined for the page of an account. */
  readonly picture: Picture | undefined
  readonly #changes: Change[]

  constructor(url: string, picture: Picture | undefined, atMs: number) {
    this.url = url
    this.picture = picture
    const shown: Shown = picture === undefined ? { kind: 'account' } : { kind: 'media', picture }
    this.#changes = [{ atMs, shown }]
  }

  /** The page that links to it. */
  get linkedFrom(): string {
    return new URL('/thread', this.url).href
  }

  shownAt(ms: number): Shown {
    const change = this.#changes.filter(({ atMs }) => atMs <= ms).at(-1)
    return change?.shown ?? { kind: 'gone' }
  }

  /** Whether it can be had there, be it kept from us for now or not. */
  isThereAt(ms: number): boolean {
    const told = this.#changes.filter(({ atMs, shown }) => atMs <= ms && isTelling(shown)).at(-1)
    return told !== undefined && this.#isOfIt(told.shown)
  }

  /** Whether what it shows says if it is there; a login does not. */
  isTellingAt(ms: number): boolean {
    return isTelling(this.shownAt(ms))
  }

  /** Since when it has been away at a moment; undefined where it is there. */
  goneSince(ms: number): number | undefined {
    const told = this.#changes.filter(({ atMs, shown }) => atMs <= ms && isTelling(shown))
    return told[told.findLastIndex(({ shown }) => this.#isOfIt(shown)) + 1]?.atMs
  }

  /** Whether this is what was uploaded, in whatever copy; anything else is its removal. */
  #isOfIt(shown: Shown): boolean {
    if (shown.kind === 'media') return shown.picture.subject === this.picture?.subject
    return shown.kind === 'account'
  }

  change(atMs: number, shown: Shown): void {
    const index = this.#changes.findIndex((later) => later.atMs > atMs)
    this.#changes.splice(index < 0 ? this.#changes.length : index, 0, { atMs, shown })
  }
}

function isAbsence({ kind }: Shown): boolean {
  return ABSENCES.some((absence) => absence === kind)
}

function isTelling(shown: Shown): boolean {
  return shown.kind === 'media' || shown.kind === 'account' || isAbsence(shown)
}

/** Whether a host that cloaks keeps it from this visitor. */
export function isKeptFrom(
  cloak: Cloak | undefined,
  url: string,
  { vantage, referrer }: Visitor,
): boolean {
  switch (cloak) {
    case undefined:
      return false
    case 'strangers':
      return referrer === undefined || new URL(referrer).hostname !== new URL(url).hostname
    case 'who-comes-from-a-page':
      return referrer !== undefined
    case 'our-own-line':
      return vantage === undefined
  }
}
