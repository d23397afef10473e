import { z } from 'zod'
import type { SourceFault, SourceView, VoteView } from '../../exchange/index.ts'
import { CountList } from '../components/count-list.tsx'
import { OperationForm } from '../components/form.tsx'
import { ItemLink } from '../components/item-link.tsx'
import { PAGE_ROWS, Pager } from '../components/pager.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { SourceState } from '../components/source-state.tsx'
import { When } from '../components/when.tsx'
import { shortId } from '../names.ts'
import { optional } from '../optional.ts'
import { faultIn } from '../problem.ts'
import { page, type Visit } from '../page.ts'
import { useVisit } from '../visiting.ts'

/** One exchange: how far it is read, what went wrong last, what it brought, and what goes back to it. */
export const sourcePage = page({
  path: '/console/sources/:id',
  needs: 'source:read',
  input: z.object({ id: z.string(), after: optional(z.string().max(64)) }),
  async show(visit, { id: list, after }) {
    const { words, calls } = visit
    const { exchanges: said } = words
    const source = await calls.sources.show({ list })
    const votes =
      source.votes === null ? [] : await calls.sources.votes({ list, after, limit: PAGE_ROWS })
    return {
      title: said.source(list),
      body: (
        <>
          <Facts source={source} visit={visit} />
          {visit.may('source:manage') && <Acts source={source} words={words} />}
          {source.run !== null && <Run run={source.run} visit={visit} />}
          <Section id="brought" title={said.brought}>
            <CountList words={said.counts} counts={source.counts} />
          </Section>
          <Section id="votes" title={said.votes}>
            {source.votes === null ? (
              <p>{said.votesNot}</p>
            ) : (
              <>
                {source.votes.lastFault !== null && <Fault fault={source.votes.lastFault} />}
                <Votes votes={votes} list={list} visit={visit} />
                <Pager
                  filter={{ after }}
                  last={votes.length === PAGE_ROWS ? votes.at(-1)?.entryId : undefined}
                />
              </>
            )}
          </Section>
        </>
      ),
    }
  },
})

function Facts({ source, visit }: { readonly source: SourceView; readonly visit: Visit }) {
  const { words } = visit
  const { exchanges: said } = words
  const { classes, checkpoint, lastFault, lastImport } = source
  const mapped = Object.entries(classes.bySource ?? {}).map(([from, to]) => `${from} = ${to}`)
  return (
    <Pairs
      rows={[
        [
          said.list,
          visit.may('list:read') ? (
            <a href={`/console/lists/${source.list}`}>{source.list}</a>
          ) : (
            source.list
          ),
        ],
        [said.protocol, source.protocol],
        [said.url, <code key="url">{source.url}</code>],
        [said.state, <SourceState key="state" source={source} />],
        [said.fault, lastFault !== null && <Fault fault={lastFault} />],
        [said.every, said.minutes(source.intervalMinutes)],
        [said.lastRun, <When key="run" at={source.lastRunAt} />],
        [said.lastSuccess, <When key="success" at={source.lastSuccessAt} />],
        [said.nextRun, source.nextRunAt !== null && <When at={source.nextRunAt} />],
        [
          said.caughtUp,
          <>
            <When at={checkpoint.caughtUpAt} />
            {checkpoint.isWithin && `. ${said.within}`}
          </>,
        ],
        [said.pages, String(source.pages)],
        [
          said.classes,
          [
            ...mapped,
            ...(classes.all === undefined ? [] : [`${said.otherwise} ${classes.all}`]),
          ].join(', '),
        ],
        [said.credentials, source.credentials.join(', ')],
        [said.lastImport, lastImport !== null && <ImportLink id={lastImport} visit={visit} />],
      ]}
    />
  )
}

function Fault({ fault }: { readonly fault: SourceFault }) {
  const { language } = useVisit()
  return <span class="badge late">{faultIn(language, fault)}</span>
}

function ImportLink({ id, visit }: { readonly id: string; readonly visit: Visit }) {
  const text = <code>{shortId(id)}</code>
  return visit.may('import:read') ? <a href={`/console/imports/${id}`}>{text}</a> : text
}

/** The newest run since the server started. */
function Run({
  run: { state, startedAt, importId, dryRun, fault },
  visit,
}: {
  readonly run: NonNullable<SourceView['run']>
  readonly visit: Visit
}) {
  const { exchanges: said } = visit.words
  return (
    <Section id="run" title={said.thisRun}>
      {dryRun && <p>{said.dry}</p>}
      <Pairs
        rows={[
          [said.state, said.runStates[state]],
          [said.started, <When key="at" at={startedAt} />],
          [said.fault, fault !== null && <Fault fault={fault} />],
          [
            said.import,
            importId === null ? (
              state === 'done' && said.runNothing
            ) : (
              <ImportLink id={importId} visit={visit} />
            ),
          ],
        ]}
      />
    </Section>
  )
}

function Acts({
  source: { list, state, run },
  words: { exchanges: said, register },
}: {
  readonly source: SourceView
  readonly words: Visit['words']
}) {
  const given = { list }
  return (
    <Section id="acts" title={register.acts}>
      <div class="held">
        {run?.state !== 'running' && (
          <>
            <OperationForm operation="sources.run" given={given} label={said.run}>
              <button type="submit">{said.run}</button>
            </OperationForm>
            <OperationForm
              operation="sources.run"
              given={{ list, dryRun: 'true' }}
              label={said.runDry}
            >
              <button type="submit">{said.runDry}</button>
            </OperationForm>
          </>
        )}
        {state === 'active' ? (
          <OperationForm operation="sources.pause" given={given} label={said.pause}>
            <button type="submit">{said.pause}</button>
          </OperationForm>
        ) : (
          <OperationForm operation="sources.resume" given={given} label={said.resume}>
            <button type="submit">{said.resume}</button>
          </OperationForm>
        )}
      </div>
      <p class="hint">{state === 'active' ? said.pauseHint : said.resumeHint}</p>
    </Section>
  )
}

function Votes({
  votes,
  list,
  visit,
}: {
  readonly votes: readonly VoteView[]
  readonly list: string
  readonly visit: Visit
}) {
  const { exchanges: said, register } = visit.words
  return (
    <Rows
      caption={said.votes}
      rows={votes}
      idOf={({ entryId }) => entryId}
      empty={said.votesNone}
      columns={[
        {
          head: said.entry,
          cell: ({ itemId }) =>
            visit.may('item:read') ? (
              <ItemLink id={itemId} opens />
            ) : (
              <code>{shortId(itemId)}</code>
            ),
        },
        { head: said.opinion, cell: ({ opinion }) => register.opinion[opinion] },
        { head: said.given, cell: ({ givenAt }) => <When at={givenAt} /> },
        { head: said.state, cell: ({ state }) => said.voteStates[state] },
        { head: said.tries, cell: ({ attempts }) => String(attempts) },
        { head: said.fault, cell: ({ fault }) => fault !== null && <Fault fault={fault} /> },
        {
          head: said.resend,
          cell: ({ entryId, state }) =>
            visit.may('source:manage') &&
            (state === 'refused' || state === 'unsure') && (
              <OperationForm operation="sources.resendVote" given={{ list, id: entryId }}>
                <button type="submit">{said.resend}</button>
              </OperationForm>
            ),
        },
      ]}
    />
  )
}
