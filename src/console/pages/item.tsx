import { z } from 'zod'
import type { ItemDetail, SimilarItems, TouchedCase } from '../../curation/index.ts'
import { ItemActs } from '../components/item-acts.tsx'
import { ItemEntry } from '../components/item-entry.tsx'
import { ItemLink } from '../components/item-link.tsx'
import { VerifyEntry } from '../components/item-verify.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { TouchedRows } from '../components/touched-rows.tsx'
import { When } from '../components/when.tsx'
import { type NameOf, namesFor, shortId } from '../names.ts'
import { optional } from '../optional.ts'
import { ceilingIn } from '../matches.ts'
import { page, type Visit } from '../page.ts'
import { useVisit } from '../visiting.ts'
import { detailIn } from '../words/said.ts'

/** One item: what each list says, who said it, what hangs on it, what can become of it. Never its hashes. */
export const itemPage = page({
  path: '/console/items/:id',
  needs: 'item:read',
  input: z.object({ id: z.string(), similar: optional(z.enum(['yes'])) }),
  async show(visit, { id, similar }) {
    const { words, calls } = visit
    const { register: said } = words
    const item = await calls.items.show({ id })
    const [cases, neighbours, nameOf] = await Promise.all([
      calls.items.cases({ id: item.id }),
      similar === undefined ? undefined : calls.items.similar({ id: item.id }),
      namesFor(visit, idsIn(item)),
    ])
    const verifying = item.possible.filter(({ action }) => action === 'verify')
    return {
      title: `${said.one} ${shortId(item.id)}`,
      body: (
        <>
          <Facts item={item} visit={visit} />
          {verifying.length > 0 && (
            <Section id="verify" title={said.verify}>
              {verifying.map((possible) => {
                const entry = item.entries.find((one) => one.id === possible.entryId)
                return (
                  entry && (
                    <VerifyEntry key={entry.id} item={item} entry={entry} possible={possible} />
                  )
                )
              })}
            </Section>
          )}
          <Section id="entries" title={said.entries}>
            {item.entries.map((entry) => (
              <ItemEntry key={entry.id} entry={entry} item={item} nameOf={nameOf} />
            ))}
          </Section>
          <Section id="cases" title={said.cases}>
            <Waiting item={item} cases={cases} words={words} />
            <TouchedRows caption={said.cases} rows={cases} />
          </Section>
          <Section id="acts" title={said.acts}>
            {item.possible.length === 0 ? <p>{said.actsNone}</p> : <ItemActs item={item} />}
          </Section>
          <Section id="similar" title={said.similar}>
            {neighbours === undefined ? (
              <p>
                <a href={`/console/items/${item.id}?similar=yes#similar`}>{said.similarAsk}</a>
              </p>
            ) : (
              <Similar found={neighbours} words={words} />
            )}
          </Section>
          <Section id="history" title={said.history}>
            <History item={item} nameOf={nameOf} words={words} />
          </Section>
        </>
      ),
    }
  },
})

function idsIn({ entries, history }: ItemDetail): readonly (string | null | undefined)[] {
  return [
    ...history.map(({ by }) => by),
    ...entries.flatMap(({ proposedBy, verifiedBy, confirmedBy, disputedBy, feedback }) => [
      ...[proposedBy, verifiedBy, confirmedBy, disputedBy],
      ...feedback.map(({ by }) => by),
    ]),
  ]
}

function Facts({ item, visit }: { readonly item: ItemDetail; readonly visit: Visit }) {
  const { words, language } = visit
  const { register: said } = words
  return (
    <>
      {item.quarantinedAt !== null && (
        <p class="badge late">
          {said.quarantine} (<When at={item.quarantinedAt} />)
        </p>
      )}
      <Pairs
        rows={[
          [said.item, <code key="id">{item.id}</code>],
          [said.status, said.statuses[item.status]],
          [said.class, words.classes[item.classification]],
          [said.kind, said.kinds[item.kind]],
          [
            said.matching,
            <>
              {said.matchings[item.matching]}
              {item.ceiling !== null && (
                <>
                  {' '}
                  <span class="hint">({ceilingIn(language, item)})</span>
                </>
              )}
            </>,
          ],
          [said.quality, said.qualityOf(item.quality)],
          [said.series, item.series],
          [said.joined, item.joined.map((id) => shortId(id)).join(', ')],
        ]}
      />
    </>
  )
}

/** How many cases go no further before somebody has verified it. */
function Waiting({
  item: { status },
  cases,
  words: { register: said },
}: {
  readonly item: ItemDetail
  readonly cases: readonly TouchedCase[]
  readonly words: Visit['words']
}) {
  const open = cases.filter((one) => one.status === 'open' || one.status === 'disputed')
  const isWaiting = status === 'proposed' || status === 'disputed'
  return isWaiting && open.length > 0 ? (
    <p class="badge late">{said.casesWait(open.length)}</p>
  ) : null
}

function Similar({
  found: { complete, neighbours },
  words: { register: said },
}: {
  readonly found: SimilarItems
  readonly words: Visit['words']
}) {
  return (
    <>
      <p class="hint">{said.similarHint}</p>
      {!complete && <p class="badge late">{said.similarSome}</p>}
      <Rows
        caption={said.similar}
        rows={neighbours}
        idOf={({ itemId }) => itemId}
        empty={said.similarNone}
        columns={[
          { head: said.item, cell: ({ itemId }) => <ItemLink id={itemId} opens /> },
          { head: said.distance, cell: ({ distance }) => String(distance) },
          { head: said.status, cell: ({ status }) => said.short[status] },
          { head: said.class, cell: ({ classification }) => classification },
          { head: said.kind, cell: ({ kind }) => said.kinds[kind] },
          { head: said.series, cell: ({ series }) => series },
        ]}
      />
    </>
  )
}

function History({
  item: { history },
  nameOf,
  words: { register: said },
}: {
  readonly item: ItemDetail
  readonly nameOf: NameOf
  readonly words: Visit['words']
}) {
  const { language } = useVisit()
  return (
    <ol class="timeline">
      {history.map(({ at, by, action, list, to, reason, detail }, place) => (
        <li key={place}>
          <When at={at} /> {said.actions[action]}
          {list !== null && ` (${list}${to === null ? '' : `: ${said.short[to]}`})`}, {nameOf(by)}
          {reason !== null && `: ${reason}`}
          {detail !== null && (
            <>
              {' '}
              <span class="hint">{detailIn(language, detail)}</span>
            </>
          )}
        </li>
      ))}
    </ol>
  )
}
