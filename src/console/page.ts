import type { Child } from 'hono/jsx'
import type { z } from 'zod'
import type { Permission, Principal } from '../access/terms.ts'
import type { Config } from '../config.ts'
import { checked, type LocalCalls, type Requirement } from '../operations/index.ts'
import type { Language } from '../takedown/index.ts'
import type { FormFields } from './form-input.ts'
import type { ConsoleWords } from './words/index.ts'

/** What pages are written in: what letters are, the first unless a reader asks for another. */
export const LANGUAGES = ['sv', 'en'] as const satisfies readonly Language[]

/** Why something was not done, or cannot be shown: in words that quote nothing of a fault of our own. */
export interface PageProblem {
  readonly message: string
  readonly field?: string | undefined
  readonly remedy: string
}

/** What a form said that was refused, so that its page shows it again and nobody types anything twice. */
export interface PageRefusal {
  readonly why: PageProblem
  /** All that was sent for an operation: other forms of the page may have fields of the same names. */
  readonly form?: { readonly operation: string; readonly sent: FormFields }
  /** As it was typed, by the name of the field. */
  readonly typed: Readonly<Record<string, string>>
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
  readonly config: Pick<Config, 'takedown' | 'match'>
  /** What each form carries, so that no other site can send it in their name. */
  readonly formToken: string
  /** Path and query of the page. */
  readonly place: string
  readonly refused?: PageRefusal
  /** What was done by the form that led here. */
  readonly isDone?: boolean
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
  readonly needs: Permission | 'signed-in'
  readonly input: z.ZodType
  show(visit: Visit, input: unknown): Promise<PageBody>
}

/** Declares a page whose input is checked before `show` sees it. */
export function page<Schema extends z.ZodType>(declared: {
  readonly path: string
  readonly isPosted?: true
  readonly needs: Permission | 'signed-in'
  readonly input: Schema
  show(visit: Visit, input: z.output<Schema>): Promise<PageBody>
}): ConsolePage {
  return {
    ...declared,
    show: (visit, given) => declared.show(visit, checked(declared.input, given)),
  }
}
