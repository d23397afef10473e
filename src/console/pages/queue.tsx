import { z } from 'zod'
import { channelText } from '../../channels/terms.ts'
import type { QueueTarget } from '../../intake/index.ts'
import { DISMISSALS } from '../../intake/terms.ts'
import { CaseRows } from '../components/case-rows.tsx'
import { ErrandRows } from '../components/errand-rows.tsx'
import { Choice, ManyForm, OperationForm, Reason } from '../components/form.tsx'
import { ListsToVerify, listsToVerify } from '../components/lists-to-verify.tsx'
import { Live } from '../components/live.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { TipRows } from '../components/tip-rows.tsx'
import { OwnViews } from '../components/views.tsx'
import { When } from '../components/when.tsx'
import { page, type Visit } from '../page.ts'
import { useWords } from '../visiting.ts'

const SHOWN = 20
const DISMISS_MANY = 'dismiss-many'

/** What needs a person, the most urgent first: tips, matches to decide, and all else that waits. */
export const queuePage = page({
  path: '/console',
  needs: 'signed-in',
  input: z.object({}),
  async show(visit) {
    const { words, calls } = visit
    const { queue } = words
    const [tips, targets = [], decisions, errands, second, toVerify, contacts, isAgain, views] =
      await Promise.all([
        visit.may('tip:read') ? calls.tips.list.page({ queue: 'true', limit: SHOWN }) : undefined,
        visit.may('tip:read') ? calls.tips.targets() : undefined,
        visit.may('case:read')
          ? calls.cases.list.page({ decision: 'pending', limit: SHOWN })
          : undefined,
        visit.may('notice:read') ? calls.waiting.list.page({ limit: SHOWN }) : undefined,
        visit.may('assess') ? calls.assessments.waiting.page({ limit: 1 }) : undefined,
        visit.may('item:verify') ? listsToVerify(visit) : undefined,
        visit.may('contact:decide')
          ? calls.contacts.list({ state: 'pending', limit: SHOWN })
          : undefined,
        hasAgain(visit),
        calls.views.list(),
      ])
    const [oldest] = targets.map(({ oldestAt }) => oldestAt).sort()
    const oldestCase = decisions?.rows[0]?.openedAt
    return {
      title: queue.title,
      body: (
        <>
          <Live id="queue" of={['tips', 'cases', 'assignments', 'notices']}>
            <p>{queue.intro}</p>
            {tips !== undefined && (
              <Section
                id="tips"
                title={queue.tips}
                aside={
                  <>
                    {words.rows(tips.total ?? '0')}
                    {oldest !== undefined && (
                      <>
                        {', '}
                        {queue.oldest} <When at={oldest} since />
                      </>
                    )}
                  </>
                }
              >
                {visit.may('assess') && tips.rows.length > 0 && (
                  <OperationForm
                    operation="tipAssignments.next"
                    next="/console/tips/:id"
                    label={queue.takeNext}
                  >
                    <button type="submit" data-key="t">
                      {queue.takeNext}
                    </button>
                  </OperationForm>
                )}
                <TipRows
                  rows={tips.rows}
                  {...(visit.may('assess') && { chosenBy: DISMISS_MANY })}
                />
                {visit.may('assess') && tips.rows.length > 0 && <DismissMany />}
                {targets.length > 0 && <Targets targets={targets} />}
              </Section>
            )}
            {decisions !== undefined && (
              <Section
                id="cases"
                title={queue.cases}
                aside={
                  <>
                    {words.rows(decisions.total ?? '0')}
                    {oldestCase !== undefined && (
                      <>
                        {', '}
                        {queue.oldestOpened} <When at={oldestCase} since />
                      </>
                    )}
                  </>
                }
              >
                <CaseRows rows={decisions.rows} empty={words.noneWaiting} />
              </Section>
            )}
            {second !== undefined && (
              <Section id="second" title={queue.second} aside={words.rows(second.total ?? '0')}>
                <p>
                  <a href="/console/second">{queue.see}</a>
                </p>
              </Section>
            )}
            {toVerify !== undefined && (
              <Section id="verify" title={words.nav.verify}>
                {toVerify.length === 0 ? (
                  <p class="empty">{words.noneWaiting}</p>
                ) : (
                  <ListsToVerify lists={toVerify} />
                )}
              </Section>
            )}
            {contacts !== undefined && contacts.length > 0 && (
              <Section id="contacts" title={queue.contacts}>
                <p>
                  <a href="/console/contacts?state=pending">{queue.see}</a>
                </p>
                <ul>
                  {contacts.map(({ id, channel, name }) => (
                    <li key={id}>
                      <bdi>{channelText(channel)}</bdi>, <bdi>{name}</bdi>
                    </li>
                  ))}
                </ul>
              </Section>
            )}
            {isAgain && (
              <Section id="again" title={queue.again}>
                <p>
                  <a href="/console/again">{queue.see}</a>
                </p>
              </Section>
            )}
            {errands !== undefined && (
              <Section id="errands" title={queue.waiting} aside={words.rows(errands.total ?? '0')}>
                <ErrandRows rows={errands.rows} />
              </Section>
            )}
          </Live>
          <OwnViews views={views} />
        </>
      ),
    }
  },
})

/** Whether there is a decision that they may decide again, or settle where two differ. */
async function hasAgain(visit: Visit): Promise<boolean> {
  const { samples } = visit.calls
  const [again, differing] = await Promise.all([
    visit.may('case:decide') ? samples.list({ limit: 1 }) : [],
    visit.may('case:close') ? samples.differing({ limit: 1 }) : [],
  ])
  return again.length + differing.length > 0
}

/** How all that waits stands against its targets, also what is on no page that is shown. */
function Targets({ targets }: { readonly targets: readonly QueueTarget[] }) {
  const { queue } = useWords()
  return (
    <>
      <h3>{queue.targets}</h3>
      <Rows
        caption={queue.targets}
        rows={targets}
        idOf={({ lane, targetHours }) => `${lane} ${targetHours}`}
        empty=""
        columns={[
          { head: queue.what, cell: ({ lane }) => queue.lanes[lane] },
          { head: queue.within, cell: ({ targetHours }) => queue.hours(targetHours) },
          { head: queue.count, cell: ({ count }) => String(count) },
          {
            head: queue.late,
            cell: ({ late }) => <span class={late > 0 ? 'badge late' : undefined}>{late}</span>,
          },
          { head: queue.oldestCame, cell: ({ oldestAt }) => <When at={oldestAt} since /> },
        ]}
      />
    </>
  )
}

/** Tips that are chosen above, dismissed for one reason once the next page has shown what that comes to. */
function DismissMany() {
  const { many, tip } = useWords()
  return (
    <ManyForm
      id={DISMISS_MANY}
      title={many.chosen}
      hint={many.chosenHint}
      operation="tips.dismissMany"
    >
      <Choice
        name="said.why"
        legend={tip.dismissWhy}
        options={DISMISSALS.map((one) => [one, tip.dismissals[one]] as const)}
      />
      <Reason id="many-reason" name="said.reason" />
      <button type="submit">{many.chooseGo}</button>
    </ManyForm>
  )
}
