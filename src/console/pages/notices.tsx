import { z } from 'zod'
import { CHANNEL_KINDS } from '../../channels/terms.ts'
import { NOTICE_STATES } from '../../takedown/terms.ts'
import { ChoiceFilter, Filters, OnlyFilter, TextFilter } from '../components/filters.tsx'
import { OperationForm, Reason } from '../components/form.tsx'
import { NoticeRows } from '../components/notice-rows.tsx'
import { lastOf, PAGE_ROWS, Pager, Total } from '../components/pager.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { namesFor } from '../names.ts'
import { optional } from '../optional.ts'
import { SaveView } from '../components/views.tsx'
import { page, type Visit } from '../page.ts'

/** Notices by their state; the address of the page says which. The emergency stop stands above them. */
export const noticesPage = page({
  path: '/console/notices',
  needs: 'notice:read',
  input: z.object({
    state: optional(z.enum(NOTICE_STATES)),
    channel: optional(z.enum(CHANNEL_KINDS)),
    host: optional(z.string().max(253)),
    caseId: optional(z.string().max(64)),
    undelivered: optional(z.literal('true')),
    after: optional(z.string().max(64)),
  }),
  async show(visit, filter) {
    const { words, calls } = visit
    const { notices: said } = words
    const [{ rows, total }, { stop }] = await Promise.all([
      calls.notices.list.page({ ...filter, limit: PAGE_ROWS }),
      calls.notices.stopped(),
    ])
    const nameOf = await namesFor(visit, [stop?.by])
    return {
      title: said.list,
      body: (
        <>
          {stop !== null && (
            <div class="message problem">
              <p>
                <strong>{said.stopped}.</strong> {nameOf(stop.by)}, <When at={stop.at} />
              </p>
              <p>
                <bdi>{stop.reason}</bdi>
              </p>
              {visit.may('notice:send') && (
                <OperationForm operation="notices.resume">
                  <button type="submit">{said.resumeGo}</button>
                </OperationForm>
              )}
            </div>
          )}
          <Filters>
            <ChoiceFilter
              name="state"
              label={said.state}
              options={NOTICE_STATES.map((state) => [state, said.states[state]])}
              chosen={filter.state}
            />
            <ChoiceFilter
              name="channel"
              label={said.way}
              options={CHANNEL_KINDS.map((kind) => [kind, said.ways[kind]])}
              chosen={filter.channel}
            />
            <TextFilter name="host" label={said.host} value={filter.host} />
            <OnlyFilter
              name="undelivered"
              label={said.undelivered}
              isChosen={filter.undelivered !== undefined}
            />
            {filter.caseId !== undefined && (
              <input type="hidden" name="caseId" value={filter.caseId} />
            )}
          </Filters>
          <SaveView />
          <Total of={total} />
          <NoticeRows rows={rows} caption={said.list} empty={words.none} />
          <Pager filter={filter} last={lastOf(rows)} />
          <WholeHouse visit={visit} isStopped={stop !== null} />
        </>
      ),
    }
  },
})

/** What is done about all notices at once. */
function WholeHouse({ visit, isStopped }: { readonly visit: Visit; readonly isStopped: boolean }) {
  const { notices: said } = visit.words
  return (
    <>
      {visit.may('notice:send') && !isStopped && (
        <Section id="send" title={said.sendTitle}>
          <p class="hint">{said.sendHint}</p>
          <OperationForm operation="notices.send">
            <button type="submit">{said.sendGo}</button>
          </OperationForm>
        </Section>
      )}
      {visit.may('notice:stop') && !isStopped && (
        <Section id="stop" title={said.stopTitle}>
          <p class="hint">{said.stopHint}</p>
          <OperationForm operation="notices.stop" label={said.stopTitle}>
            <Reason id="stop-reason" />
            <button type="submit">{said.stopGo}</button>
          </OperationForm>
        </Section>
      )}
    </>
  )
}
