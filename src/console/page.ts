import type { Child } from 'hono/jsx'
import type { z } from 'zod'
import type { Principal } from '../access/terms.ts'
import type { Config } from '../config.ts'
import type { ErrorCode, RefusalSentence } from '../errors.ts'
import { checked, type LocalCalls, type Requirement } from '../operations/index.ts'
import type { Language } from '../takedown/index.ts'
import type { FormFields } from './form-input.ts'
import type { ConsoleWords } from './words/index.ts'

/** What pages are written in: what letters are, the first unless a reader asks for another. */
export const LANGUAGES = ['sv', 'en'] as const satisfies readonly Language[]

/** Why something was not done, or cannot be shown: in words that quote nothing of a fault of our own. */
export interface PageProblem {
  readonly code: ErrorCode
  /** In English, as commands print it. */
  readonly message: string
  /** The same in no language, where it says more than its code. */
  readonly said?: RefusalSentence | undefined
  readonly field?: string | undefined
  readonly remedy: string
}

/** What a form said that was refused, so that its page shows it again and nobody types anything twice. */
export interface PageRefusal {
  readonly why: PageProblem
  /** The operation that the form called: `cases.decide`; null where it is one of the console's own. */
  readonly operation: string | null
  /** All that was sent, as it was typed. */
  readonly sent: FormFields
}

/** Somebody who has signed in looks at a page. */
export interface Visit {
  readonly by: Principal
  /** Every operation for them: guarded, checked and audited as for every other caller. */
  readonly calls: LocalCalls
  readonly language: Language
  readonly words: ConsoleWords
  /** Milliseconds of the epoch. */
  readonly now: number
  readonly config: Pick<Config, 'takedown' | 'match' | 'register' | 'sessions' | 'openid'>
  /** What each form carries, so that no other site can send it in their name. */
  readonly formToken: string
  /** Path and query of the page. */
  readonly place: string
  readonly refused?: PageRefusal
  /** To how many the form that led here has done what it asked for, and how many were left out. */
  readonly done?: {
    readonly done: number
    readonly left: number
    /** The page of the record that it was done to, where that can be undone there. */
    readonly back?: string
  }
  may(needs: Requirement): boolean
}

export interface PageBody {
  /** What the tab and the first heading say. */
  readonly title: string
  readonly body: Child
}

/** One page: what it is called by, who may see it, what it takes from path and query. */
export interface ConsolePage {
  readonly path: string
  /** Its input may come in the body of a POST as well: what must stand in no request line. */
  readonly isPosted?: true
  /** Whoever looks at it has files of their own hashed there: it alone may start our worker. */
  readonly hashesFiles?: true
  readonly needs: Requirement
  readonly input: z.ZodType
  show(visit: Visit, input: unknown): Promise<PageBody>
}

/** Declares a page whose input is checked before `show` sees it. */
export function page<Schema extends z.ZodType>(declared: {
  readonly path: string
  readonly isPosted?: true
  readonly hashesFiles?: true
  readonly needs: Requirement
  readonly input: Schema
  show(visit: Visit, input: z.output<Schema>): Promise<PageBody>
}): ConsolePage {
  return {
    ...declared,
    show: (visit, given) => declared.show(visit, checked(declared.input, given)),
  }
}
