import type { Child } from 'hono/jsx'
import type { Visit } from '../page.ts'
import { DAY, HOUSE, type MenuPlace } from '../places.ts'
import { Document } from './document.tsx'
import { KeyHelp } from './key-help.tsx'
import { HiddenToken } from './form.tsx'

/** The whole document of a page: its head, what is on each page, and its content. */
export function Frame({
  visit,
  title,
  hashesFiles,
  children,
}: {
  readonly visit: Visit
  readonly title: string
  readonly hashesFiles: boolean
  readonly children: Child
}) {
  const { words, language, place } = visit
  const other = language === 'sv' ? 'en' : 'sv'
  return (
    <Document
      language={language}
      title={`${title} · ${words.name}`}
      scripts={['console.js', 'live.js', ...(hashesFiles ? (['register.js'] as const) : [])]}
    >
      <a class="skip" href="#content">
        {words.skip}
      </a>
      <header class="top">
        <a class="brand" href="/console">
          {words.name}
        </a>
        {/* Where there is little room the places open by a button; a browser that knows no popover shows them all. */}
        <button class="menu" type="button" popovertarget="places">
          {words.menu}
        </button>
        <nav id="places" popover="auto" aria-label={words.menu}>
          <Places visit={visit} places={DAY} />
          {HOUSE.some(({ needs }) => visit.may(needs)) && (
            <details>
              <summary>{words.house}</summary>
              <Places visit={visit} places={HOUSE} />
            </details>
          )}
        </nav>
        {visit.may('case:read') && (
          <form class="search" role="search" method="post" action="/console/find">
            <HiddenToken />
            <input
              type="search"
              name="words"
              aria-label={words.search}
              placeholder={words.search}
              data-key-focus="/"
              required
            />
            <button type="submit">{words.searchGo}</button>
          </form>
        )}
        <div class="who">
          <a href="/console/account">{visit.by.pseudonym}</a>
          <form method="post" action="/console/language">
            <HiddenToken />
            <input type="hidden" name="place" value={place} />
            <button class="plain" type="submit" name="language" value={other} lang={other}>
              {words.otherLanguage}
            </button>
          </form>
          <form method="post" action="/console/sign-out">
            <HiddenToken />
            <button class="plain" type="submit">
              {words.signOut}
            </button>
          </form>
        </div>
      </header>
      <main id="content" tabindex={-1}>
        <h1>{title}</h1>
        <p
          class="live-state"
          role="status"
          data-live-state
          data-place={place}
          data-broken={words.live.broken}
          data-ended={words.live.ended}
        />
        {children}
      </main>
      <KeyHelp />
    </Document>
  )
}

function Places({
  visit,
  places,
}: {
  readonly visit: Visit
  readonly places: readonly MenuPlace[]
}) {
  const [here = ''] = visit.place.split('?')
  return (
    <ul>
      {places
        .filter(({ needs }) => visit.may(needs))
        .map(({ path, word }) => (
          <li key={path}>
            <a href={path} aria-current={path === here ? 'page' : undefined}>
              {visit.words.nav[word]}
            </a>
          </li>
        ))}
    </ul>
  )
}
