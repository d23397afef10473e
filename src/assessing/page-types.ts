import type { Verdict } from '../match/index.ts'
import type { Assessment } from './assessment.ts'

/** One media on a page, as an analyst chooses among them. */
export interface PageMedia {
  /** Its place on the page, from 1. */
  readonly number: number
  readonly url: string
  /** The element that names it: `img`, `source`, `video`, `meta` ... */
  readonly element: string
  /** Pixels, as the page declares them; null where it does not. */
  readonly width: number | null
  readonly height: number | null
  /** The case that works on this URL; null where there is none. */
  readonly caseId: string | null
  /** What it is, by its bytes; null where it could not be looked at. */
  readonly kind: 'image' | 'film' | null
  /** Whether it is known, by what Hindra itself finds; null as above. */
  readonly verdict: Verdict | null
  /** The code of the error that kept Hindra from looking. */
  readonly problem: string | null
}

/** What is at a URL that is to be assessed. */
export interface PageView {
  readonly url: string
  /** False: it is media, or something else that is no page, and is assessed as it is. */
  readonly isPage: boolean
  /** Empty also where scripts load it, or a login hides it. */
  readonly media: readonly PageMedia[]
}

/** An assessment of media on a page: each becomes a case of its own, with the page as its context. */
export interface PageAssessment extends Omit<Assessment, 'pageUrl' | 'pageItself'> {
  /** URLs of the chosen ones, or all that the page shows now. */
  readonly media: readonly string[] | 'all'
}
