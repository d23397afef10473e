import type { Child } from 'hono/jsx'
import { TIPLINE_SENTENCES } from '../../tipline/terms.ts'
import type { Language } from '../../takedown/index.ts'
import { ASSETS } from '../assets.ts'
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
export async function documentOf(view: PublicView, title: string, body: Child): Promise<string> {
  const { language, leaveTo, problem } = view
  const words = wordsOf(view)
  const other = language === 'sv' ? 'en' : 'sv'
  const document = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noarchive" />
        <title>{title}</title>
        <link rel="stylesheet" href={ASSETS['console.css'].place} />
        <link rel="icon" href={ASSETS['console.svg'].place} />
        <script type="module" src={ASSETS['tip.js'].place} />
      </head>
      <body>
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
          {problem !== undefined && (
            <p class="message problem" role="alert" tabindex={-1} data-focus>
              {problem}
            </p>
          )}
          {body}
        </main>
      </body>
    </html>
  )
  return `<!doctype html>${await document}`
}
