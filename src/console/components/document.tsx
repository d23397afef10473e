import type { Child } from 'hono/jsx'
import type { Language } from '../../takedown/index.ts'
import { ASSETS } from '../assets.ts'
import { withUnseenShown } from '../unseen.ts'

/** Everything of a document but its body: each page is one, whoever reads it. */
export function Document({
  language,
  title,
  scripts,
  isArchived = true,
  children,
}: {
  readonly language: Language
  readonly title: string
  readonly scripts: readonly ('console.js' | 'live.js' | 'passkey.js' | 'register.js' | 'tip.js')[]
  /** Whether search engines may keep a copy, where they reach it at all. */
  readonly isArchived?: boolean
  readonly children: Child
}) {
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {!isArchived && <meta name="robots" content="noarchive" />}
        <title>{title}</title>
        <link rel="stylesheet" href={ASSETS['console.css'].place} />
        <link rel="icon" href={ASSETS['console.svg'].place} />
        {scripts.map((script) => (
          <script key={script} type="module" src={ASSETS[script].place} />
        ))}
      </head>
      <body>{children}</body>
    </html>
  )
}

/** The text of a document, as it is sent. */
export async function documentText(document: string | Promise<string>): Promise<string> {
  // What is awaited is written out only where it becomes part of a text.
  return withUnseenShown(`<!doctype html>${await document}`)
}

/** Why a form was not taken, where a reader of the page comes to first; nothing where it was. */
export function Problem({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null
  return (
    <p class="message problem" role="alert" tabindex={-1} data-focus>
      {text}
    </p>
  )
}
