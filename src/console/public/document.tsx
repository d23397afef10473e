import type { Child } from 'hono/jsx'
import { TIPLINE_SENTENCES } from '../../tipline/terms.ts'
import type { Language } from '../../takedown/index.ts'
import { Document, documentText, Problem } from '../components/document.tsx'
import { PUBLIC_WORDS, type PublicWords } from './words.ts'

/** What every page for the public is shown with: no account, no cookie. */
export interface PublicView {
  readonly language: Language
  /** Where the button that leaves at once goes. */
  readonly leaveTo: string
  /** What went wrong with the form before, in words for the public. */
  readonly problem?: string
}

export const wordsOf = ({ language }: PublicView): PublicWords => PUBLIC_WORDS[language]

/** The whole document. What to do in danger stands first, and the way out before all else. */
export function documentOf(view: PublicView, title: string, body: Child): Promise<string> {
  const { language, leaveTo, problem } = view
  const words = wordsOf(view)
  const other = language === 'sv' ? 'en' : 'sv'
  return documentText(
    <Document language={language} title={title} scripts={['tip.js']} isArchived={false}>
      <header class="top">
        <a class="leave" href={leaveTo} rel="noreferrer" data-leave>
          {words.leave}
        </a>
        <a href={`/tip?language=${other}`} lang={other}>
          {words.otherLanguage}
        </a>
      </header>
      <main class="public">
        <p class="badge danger">{TIPLINE_SENTENCES[language].danger}</p>
        <h1>{title}</h1>
        <Problem text={problem} />
        {body}
      </main>
    </Document>,
  )
}
