import { z } from 'zod'
import type { ImportTouched } from '../../curation/index.ts'
import type { FoundLine, ImportView } from '../../exchange/index.ts'
import { CountList } from '../components/count-list.tsx'
import { ItemLink } from '../components/item-link.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { TouchedRows } from '../components/touched-rows.tsx'
import { When } from '../components/when.tsx'
import { namesFor, shortId } from '../names.ts'
import { optional } from '../optional.ts'
import { page, type Visit } from '../page.ts'
import { useVisit } from '../visiting.ts'

/** Items that lost an entry, looked at for cases on one page. */
const LOOKED_AT = 500

/** One import: how far it has come, what it refused and why, what is held, and whom it concerns. */
export const importPage = page({
  path: '/console/imports/:id',
  needs: 'import:read',
  input: z.object({
    id: z.string(),
    touched: optional(z.enum(['yes'])),
    after: optional(z.string().max(64)),
  }),
  async show(visit, { id, touched, after }) {
    const { words, calls } = visit
    const { exchanges: said } = words
    const found = await calls.imports.show({ id })
    const lost =
      touched === undefined
        ? undefined
        : await calls.imports.touched({ id: found.id, after, limit: LOOKED_AT })
    const nameOf = await namesFor(visit, [found.by])
    return {
      title: `${said.import} ${shortId(found.id)}`,
      body: (
        <>
          {found.dryRun && <p class="badge late">{said.dry}</p>}
          <Pairs
            rows={[
              [
                said.list,
                visit.may('list:read') ? (
                  <a href={`/console/lists/${found.list}`}>{found.list}</a>
                ) : (
                  found.list
                ),
              ],
              [said.format, found.format],
              [said.state, said.importStates[found.state]],
              [said.why, visit.language === 'en' && found.fault],
              [said.by, nameOf(found.by)],
              [said.started, <When key="started" at={found.startedAt} />],
              [said.finished, found.finishedAt !== null && <When at={found.finishedAt} />],
              [said.lines, String(found.position)],
              [said.complete, found.complete ? words.yes : words.no],
              [said.merkle, found.merkleRoot !== null && <code>{found.merkleRoot}</code>],
            ]}
          />
          <CountList words={said.counts} counts={found} />
          <Held found={found} visit={visit} />
          {found.complete && <Withdrawal found={found} words={words} />}
          <Refusals found={found} words={words} />
          <Findings found={found} words={words} />
          {found.deleted > 0 && (
            <Section id="touched" title={said.touched}>
              {lost === undefined ? (
                <p>
                  <a href={`/console/imports/${found.id}?touched=yes#touched`}>{said.touchedAsk}</a>
                </p>
              ) : (
                <Touched id={found.id} lost={lost} words={words} />
              )}
            </Section>
          )}
        </>
      ),
    }
  },
})

interface Shown {
  readonly found: ImportView
  readonly words: Visit['words']
}

/** What waits for a person though its list vouches for it. */
function Held({
  found: { held, list },
  visit,
}: {
  readonly found: ImportView
  readonly visit: Visit
}) {
  const { exchanges: said } = visit.words
  if (held === 0) return null
  const query = `list=${encodeURIComponent(list)}`
  return (
    <p class="message">
      {said.heldHint(held)}{' '}
      {visit.may('item:verify') ? (
        <a href={`/console/verify?${query}`}>{said.heldOpen}</a>
      ) : (
        visit.may('item:read') && (
          <a href={`/console/items?${query}&waiting=true`}>{said.heldOpen}</a>
        )
      )}
    </p>
  )
}

function Withdrawal({ found: { withdrawal, refused }, words: { exchanges: said } }: Shown) {
  if (withdrawal === null) return refused > 0 ? <p>{said.notWhole}</p> : null
  return (
    <Section id="withdrawal" title={said.withdrawal}>
      <Pairs
        rows={[
          [said.phase, said.phases[withdrawal.phase]],
          [said.standing, String(withdrawal.standing)],
          [said.absent, String(withdrawal.absent)],
        ]}
      />
    </Section>
  )
}

function Refusals({ found: { refusals, refused }, words: { exchanges: said } }: Shown) {
  const { language } = useVisit()
  return (
    <Section
      id="refusals"
      title={said.refusals}
      aside={refusals.length < refused ? said.firstOf(refusals.length, refused) : undefined}
    >
      <Rows
        caption={said.refusals}
        rows={refusals}
        idOf={({ line }) => String(line)}
        empty={said.refusalsNone}
        columns={[
          { head: said.line, cell: ({ line }) => String(line) },
          { head: said.key, cell: ({ key }) => key !== undefined && <code>{key}</code> },
          { head: said.field, cell: ({ field }) => <code>{field}</code> },
          {
            head: said.why,
            cell: ({ message }) => (language === 'en' ? message : said.unreadable),
          },
        ]}
      />
      {language !== 'en' && refusals.length > 0 && (
        <p class="hint">
          {said.whyByCommand} <code>hindra imports --json</code>
        </p>
      )}
    </Section>
  )
}

function Findings({ found: { found, findings }, words: { exchanges: said, register } }: Shown) {
  const { language } = useVisit()
  const all = Object.values(findings).reduce((sum, count) => sum + count, 0)
  return (
    <Section
      id="findings"
      title={said.findings}
      aside={found.length < all ? said.firstOf(found.length, all) : undefined}
    >
      <Rows
        caption={said.findings}
        rows={found}
        idOf={({ line, code, detail }) => `${line} ${code} ${detail}`}
        empty={said.findingsNone}
        columns={[
          { head: said.line, cell: ({ line }) => String(line) },
          { head: said.finding, cell: ({ code }) => register.finding[code] },
          ...(language === 'en'
            ? [{ head: said.detail, cell: ({ detail }: FoundLine) => detail }]
            : []),
        ]}
      />
    </Section>
  )
}

function Touched({
  id,
  lost: { items, next },
  words,
}: {
  readonly id: string
  readonly lost: ImportTouched
  readonly words: Visit['words']
}) {
  const { exchanges: said } = words
  return (
    <>
      {items.length === 0 && <p>{said.touchedNone}</p>}
      {items.map(({ itemId, cases }) => (
        <div key={itemId}>
          <h3>
            {words.register.item} <ItemLink id={itemId} />
          </h3>
          <TouchedRows caption={`${said.touched} ${shortId(itemId)}`} rows={cases} />
        </div>
      ))}
      {next !== null && (
        <p>
          <a href={`/console/imports/${id}?touched=yes&after=${next}#touched`}>{words.more}</a>
        </p>
      )}
    </>
  )
}
