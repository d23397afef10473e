import { z } from 'zod'
import type { ListEvent, ListPolicy, ListView } from '../../register/index.ts'
import { OWN_REQUESTS } from '../../register/terms.ts'
import { CountList } from '../components/count-list.tsx'
import { ImportRows } from '../components/import-rows.tsx'
import { Eyes } from '../components/list-eyes.tsx'
import { aloneOf } from '../components/list-alone.ts'
import { ListActs } from '../components/list-acts.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { type NameOf, namesFor } from '../names.ts'
import { page, type Visit } from '../page.ts'

const IMPORTS_SHOWN = 10

const HINDRA = 'hindra'

/** One list: what is in it, what it may lead to, how its entries come in, and how that was changed. */
export const listPage = page({
  path: '/console/lists/:id',
  needs: 'list:read',
  input: z.object({ id: z.string() }),
  async show(visit, { id: name }) {
    const { words, calls } = visit
    const { lists: said } = words
    const list = await calls.lists.show({ name })
    const [imports, sources, nameOf] = await Promise.all([
      visit.may('import:read')
        ? calls.imports.list({ list: name, limit: IMPORTS_SHOWN })
        : undefined,
      visit.may('source:read') ? calls.sources.list() : [],
      namesFor(visit, [
        ...list.vettedBy,
        list.createdBy,
        ...list.history.flatMap(({ by, vettedBy }) => [by, ...vettedBy]),
      ]),
    ])
    const query = `list=${encodeURIComponent(name)}`
    return {
      title: said.one(name),
      body: (
        <>
          {name === OWN_REQUESTS && <p class="badge late">{said.ownRequests}</p>}
          <Policy list={list} nameOf={nameOf} words={words} />
          {sources.some((source) => source.list === name) && (
            <p>
              <a href={`/console/sources/${name}`}>{said.source}</a>
            </p>
          )}
          <Section id="entries" title={said.entries}>
            <CountList words={said.counts} counts={list.entries} />
            {visit.may('item:read') && (
              <p>
                <a href={`/console/items?${query}`}>{said.open}</a>
              </p>
            )}
            {visit.may('item:verify') && list.entries.proposed > 0 && name !== OWN_REQUESTS && (
              <p>
                <a href={`/console/verify?${query}`}>{said.verify}</a>
              </p>
            )}
          </Section>
          <Section id="evidence" title={said.evidence}>
            {Object.values(list.evidence).every((count) => count === 0) ? (
              <p class="empty">{words.none}</p>
            ) : (
              <CountList words={words.register.evidence} counts={list.evidence} omitZeros />
            )}
          </Section>
          {imports !== undefined && (
            <Section id="imports" title={said.imports}>
              <ImportRows rows={imports} />
              {imports.length === IMPORTS_SHOWN && (
                <p>
                  <a href={`/console/imports?${query}`}>{said.importsAll}</a>
                </p>
              )}
            </Section>
          )}
          {visit.may('list:manage') && name !== OWN_REQUESTS && <ListActs list={list} />}
          <Section id="history" title={said.history}>
            <History events={list.history} kind={list.kind} nameOf={nameOf} words={words} />
          </Section>
        </>
      ),
    }
  },
})

function Policy({
  list,
  nameOf,
  words: { lists: said, register },
}: {
  readonly list: ListView
  readonly nameOf: NameOf
  readonly words: Visit['words']
}) {
  return (
    <Pairs
      rows={[
        [said.kind, said.kinds[list.kind]],
        [said.description, list.description],
        [said.eyes, <Eyes key="eyes" list={list} />],
        [said.reviewOnly, list.reviewOnly.join(', ') || said.reviewNone],
        [said.arrivesAs, list.kind === 'partner' && register.short[list.arrivesAs]],
        [said.features, list.keepsFeatures ? said.featuresKept : said.featuresNone],
        [said.untold, said.untoldIs(list.untoldQuality)],
        [said.alone, said.aloneKinds[aloneOf(list)]],
        [said.vettedBy, list.vettedBy.map(nameOf).join(', ')],
        [
          said.created,
          // Those that Hindra comes with were made on no day.
          list.createdBy === HINDRA ? (
            nameOf(list.createdBy)
          ) : (
            <>
              {nameOf(list.createdBy)}, <When at={list.createdAt} />
            </>
          ),
        ],
      ]}
    />
  )
}

function History({
  events,
  kind,
  nameOf,
  words,
}: {
  readonly events: readonly ListEvent[]
  readonly kind: ListView['kind']
  readonly nameOf: NameOf
  readonly words: Visit['words']
}) {
  if (events.length === 0) return <p class="empty">{words.none}</p>
  return (
    <ol class="timeline">
      {events.map(({ at, by, to, vettedBy, reason }, place) => (
        <li key={place}>
          <When at={at} /> {nameOf(by)}
          {reason !== null && `: ${reason}`}
          <p class="hint">
            {words.lists.historyNow}: {policyText(to, kind, vettedBy.map(nameOf), words)}
          </p>
        </li>
      ))}
    </ol>
  )
}

function policyText(
  policy: ListPolicy,
  kind: ListView['kind'],
  vettedBy: readonly string[],
  { lists: said, register }: Visit['words'],
): string {
  return [
    policy.fourEyes ? said.four : said.onePerson,
    `${said.reviewOnly}: ${policy.reviewOnly.join(', ') || said.reviewNone}`,
    ...(kind === 'partner' ? [`${said.arrivesAs}: ${register.short[policy.arrivesAs]}`] : []),
    ...(policy.untoldQuality === 0 ? [] : [`${said.untold}: ${policy.untoldQuality}`]),
    ...(policy.keepsFeatures ? [] : [`${said.features}: ${said.featuresNone}`]),
    ...(vettedBy.length === 0 ? [] : [`${said.vettedBy}: ${vettedBy.join(', ')}`]),
  ].join('; ')
}
