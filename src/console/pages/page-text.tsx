import { defangedText } from '../../core/index.ts'
import type { LegiblePage, PageLink } from '../../intake/index.ts'
import type { ShownPage } from '../../looks/terms.ts'
import { Today } from '../components/looking.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { shortId } from '../names.ts'
import type { PageBody, Visit } from '../page.ts'
import { Back, Nothing } from './look-answers.tsx'

type Words = Visit['words']

/** What a page says: its text and where it leads, all of it to be read and nothing to be followed. */
export function pageText({ words }: Visit, shown: ShownPage, next: string): PageBody {
  const { looks, pageText: said } = words
  const { of, id, page, finalUrl, fault, status, today } = shown
  return {
    title: said.title(`${looks.of[of]} ${shortId(id)}`),
    body: (
      <>
        {page !== null && finalUrl !== null && <Said page={page} at={finalUrl} words={words} />}
        {fault !== null && (
          <Nothing
            what={said.nothing}
            why={status === null ? said.faults[fault] : looks.status(status)}
          />
        )}
        <Today today={today} />
        <p>{looks.done}</p>
        <Back next={next} of={of} words={words} />
      </>
    ),
  }
}

function Said({
  page: { title, text, textLeftOut, links, linksLeftOut, isWhole },
  at,
  words: { pageText: said },
}: {
  readonly page: LegiblePage
  /** Where it was found. */
  readonly at: string
  readonly words: Words
}) {
  return (
    <>
      <p>{said.what}</p>
      <p class="hint">{said.limits}</p>
      <Pairs
        rows={[
          [said.address, <DefangedUrl key="url" url={at} />],
          [said.pageTitle, title === null ? said.titleNone : <Foreign text={title} />],
          [
            said.links,
            links.length > 0 && (
              <a key="links" href="#links">
                {links.length}
              </a>
            ),
          ],
        ]}
      />
      {!isWhole && <p class="message">{said.cut}</p>}
      <Section id="text" title={said.text}>
        {text === '' ? (
          <p class="empty">{said.textNone}</p>
        ) : (
          <pre class="prose" dir="auto" lang="">
            {defangedText(text)}
          </pre>
        )}
        {textLeftOut > 0 && <p>{said.textLeftOut(textLeftOut)}</p>}
      </Section>
      <Section id="links" title={said.links}>
        <Rows<PageLink>
          caption={said.links}
          rows={links}
          idOf={({ url }) => url}
          empty={said.linksNone}
          columns={[
            { head: said.to, cell: ({ url }) => <DefangedUrl url={url} /> },
            { head: said.words, cell: ({ words: on }) => <Foreign text={on} /> },
            { head: said.kind, cell: ({ kind }) => said.kinds[kind] },
          ]}
        />
        {linksLeftOut > 0 && <p>{said.linksLeftOut(linksLeftOut)}</p>}
      </Section>
    </>
  )
}

/** Words of a stranger, in a language that nobody knows. */
function Foreign({ text }: { readonly text: string }) {
  return <bdi lang="">{defangedText(text)}</bdi>
}
