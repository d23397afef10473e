import { z } from 'zod'
import { own } from '../../core/index.ts'
import type { IccamView } from '../../iccam/index.ts'
import { ENTRY_STATES, SETTLEMENTS } from '../../iccam/terms.ts'
import { CountList } from '../components/count-list.tsx'
import { ChoiceFilter, Filters } from '../components/filters.tsx'
import { OperationForm } from '../components/form.tsx'
import { lastOf, PAGE_ROWS, Pager } from '../components/pager.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { When } from '../components/when.tsx'
import { shortId } from '../names.ts'
import { optional } from '../optional.ts'
import { page, type Visit } from '../page.ts'
import { useVisit } from '../visiting.ts'

const ANSWERED = /^ICCAM answered with (\d{3})(: .*)?$/

/** How the line to ICCAM goes, what would be said now, and what asks for a person. */
export const iccamPage = page({
  path: '/console/iccam',
  needs: 'notice:read',
  input: z.object({
    state: optional(z.enum(ENTRY_STATES)),
    after: optional(z.string().max(64)),
  }),
  async show(visit, filter) {
    const { words, calls } = visit
    const { iccam: said } = words
    const [status, due, rows] = await Promise.all([
      calls.iccam.status(),
      calls.iccam.due(),
      calls.iccam.list({ ...filter, limit: PAGE_ROWS }),
    ])
    return {
      title: said.title,
      body: (
        <>
          {status.isOn ? (
            <Pairs
              rows={[
                [said.asked, <When at={status.askedAt} />],
                [said.next, status.nextAt !== null && <When at={status.nextAt} />],
                [
                  said.failing,
                  status.failingSince !== null && (
                    <span class="badge danger">
                      <When at={status.failingSince} />
                    </span>
                  ),
                ],
                [said.why, status.why !== null && answeredIn(visit.language, status.why, said)],
              ]}
            />
          ) : (
            <p>{said.off}</p>
          )}
          {status.isOn && visit.may('notice:send') && (
            <div class="buttons">
              <OperationForm operation="iccam.run" label={said.run}>
                <button type="submit">{said.run}</button>
              </OperationForm>
              <OperationForm operation="iccam.run" label={said.read} given={{ push: 'false' }}>
                <button type="submit" class="second">
                  {said.read}
                </button>
              </OperationForm>
            </div>
          )}
          <Section id="due" title={said.due} aside={words.rows(String(due.length))}>
            <Rows
              caption={said.due}
              rows={due.slice(0, PAGE_ROWS)}
              idOf={({ id, says }) => `${id} ${says}`}
              empty={said.dueNone}
              columns={[
                { head: said.says, cell: ({ says }) => sayingIn(visit.language, says, said) },
                { head: said.url, cell: ({ url }) => <DefangedUrl url={url} /> },
              ]}
            />
            {due.length > PAGE_ROWS && <p>{said.moreDue(due.length - PAGE_ROWS)}</p>}
          </Section>
          <Section id="contents" title={said.list}>
            <CountList words={said.states} counts={status.contents} />
            <Filters>
              <ChoiceFilter
                name="state"
                label={said.state}
                options={ENTRY_STATES.map((state) => [state, said.states[state]])}
                chosen={filter.state}
              />
            </Filters>
            <Contents rows={rows} />
            <Pager filter={filter} last={lastOf(rows)} />
          </Section>
        </>
      ),
    }
  },
})

function Contents({ rows }: { readonly rows: readonly IccamView[] }) {
  const visit = useVisit()
  const { words } = visit
  const { iccam: said } = words
  return (
    <Rows
      caption={said.list}
      rows={rows}
      idOf={({ id }) => id}
      empty={words.none}
      columns={[
        {
          head: said.url,
          cell: ({ url, caseIds, tipId }) => (
            <>
              <DefangedUrl url={url} />{' '}
              {caseIds.map((id) => (
                <a key={id} href={`/console/cases/${id}`}>
                  {words.notices.openCase(shortId(id))}
                </a>
              ))}
              {caseIds.length === 0 && tipId !== null && (
                <a href={`/console/tips/${tipId}`}>{words.waiting.kinds.tip}</a>
              )}
            </>
          ),
        },
        { head: said.number, cell: ({ contentId }) => contentId ?? '' },
        {
          head: said.state,
          cell: ({ state }) => (
            <span class={state === 'asks' ? 'badge late' : ''}>{said.states[state]}</span>
          ),
        },
        {
          head: said.saidLast,
          cell: ({ acts }) => {
            const last = acts.at(-1)
            return (
              last !== undefined && (
                <>
                  {sayingIn(visit.language, last.said, said)}: {said.acts[last.state]},{' '}
                  <When at={last.at} />
                  {last.why !== null && `: ${answeredIn(visit.language, last.why, said)}`}
                </>
              )
            )
          },
        },
        {
          head: said.settle,
          cell: ({ id, state }) =>
            state === 'asks' &&
            visit.may('notice:send') && (
              <OperationForm operation="iccam.settle" label={said.settle} given={{ id }}>
                <div class="buttons">
                  {SETTLEMENTS.map((as) => (
                    <button key={as} type="submit" name="as" value={as} class="second">
                      {said.settlements[as]}
                    </button>
                  ))}
                </div>
              </OperationForm>
            ),
        },
      ]}
    />
  )
}

type IccamWords = Visit['words']['iccam']

/** `assessment national`: what is said of a content, whose values are ICCAM's own terms. */
function sayingIn(language: Visit['language'], says: string, words: IccamWords): string {
  if (language === 'en') return says
  const [kind = '', ...values] = says.split(' ')
  return [own(words.kinds, kind) ?? kind, ...values].join(' ')
}

/** What ICCAM answered, by its status and in its own words; what our own line says is in English alone. */
function answeredIn(language: Visit['language'], why: string, words: IccamWords): string {
  if (language === 'en') return why
  const [, status, said = ''] = ANSWERED.exec(why) ?? []
  return status === undefined ? words.noAnswer : words.answered(status, said)
}
