import { z } from 'zod'
import type { NoticeDetail } from '../../operations/index.ts'
import { referenceOf } from '../../takedown/terms.ts'
import { NoticeActs } from '../components/notice-acts.tsx'
import { Fault } from '../components/fault.tsx'
import { Pairs } from '../components/pairs.tsx'
import { PoliceWait } from '../components/police-wait.tsx'
import { Replies } from '../components/replies.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { namesFor, shortId } from '../names.ts'
import { page, type Visit } from '../page.ts'

/** One notice: its letter, its tries, what came back, and what a person can do about it. */
export const noticePage = page({
  path: '/console/notices/:id',
  needs: 'notice:read',
  input: z.object({ id: z.string() }),
  async show(visit, { id }) {
    const { notices: said } = visit.words
    const notice = await visit.calls.notices.show({ id })
    const { hold, undelivered } = notice
    const nameOf = await namesFor(visit, [hold?.by, hold?.proposal?.by, undelivered?.setAside?.by])
    return {
      title: `${said.title} ${referenceOf(notice.id)}`,
      body: (
        <>
          <Facts notice={notice} visit={visit} nameOf={nameOf} />
          <NoticeActs notice={notice} />
          {hold !== null && (
            <Section id="hold" title={said.hold}>
              <PoliceWait notice={notice} hold={hold} nameOf={nameOf} />
            </Section>
          )}
          <Section id="letter" title={letterTitle(said, notice)}>
            <Letter notice={notice} visit={visit} />
          </Section>
          <Section id="replies" title={said.answers}>
            <Replies notice={notice} />
          </Section>
        </>
      ),
    }
  },
})

/** What was sent, what a relay refused or has yet to take, or what would be written now. */
function letterTitle(
  said: Visit['words']['notices'],
  { envelopeId, sentAt }: Pick<NoticeDetail, 'envelopeId' | 'sentAt'>,
): string {
  if (sentAt !== null) return said.letterSent
  return envelopeId === null ? said.letterWould : said.letterTried
}

interface NoticeProps {
  readonly notice: NoticeDetail
  readonly visit: Visit
}

function Facts({
  notice,
  visit,
  nameOf,
}: NoticeProps & { readonly nameOf: (id: string | null) => string }) {
  const { words } = visit
  const { notices: said } = words
  const { hostId, hostName, heldFor, heldUntil, nextRung, nextRungAt, undelivered } = notice
  const nextAlertAt = undelivered?.nextAlertAt ?? null
  const setAside = undelivered?.setAside ?? null
  return (
    <Pairs
      rows={[
        [
          said.to,
          <>
            {hostId === null ? (
              <bdi>{hostName}</bdi>
            ) : (
              <a href={`/console/hosts/${hostId}`}>
                <bdi>{hostName}</bdi>
              </a>
            )}
            , <bdi>{notice.recipient}</bdi>
          </>,
        ],
        [said.role, said.roles[notice.role]],
        [
          said.case,
          <a href={`/console/cases/${notice.caseId}`}>{said.openCase(shortId(notice.caseId))}</a>,
        ],
        [said.step, said.steps[notice.step]],
        [said.way, said.ways[notice.channel]],
        [
          said.state,
          notice.state === 'held' && heldFor !== null
            ? said.holds[heldFor]
            : said.states[notice.state],
        ],
        [said.heldUntil, notice.state === 'held' && heldUntil !== null && <When at={heldUntil} />],
        [said.queued, <When at={notice.queuedAt} />],
        [said.sent, notice.sentAt === null ? said.notSent : <When at={notice.sentAt} />],
        [said.attempts, notice.attempts === 0 ? said.untried : said.tried(notice.attempts)],
        ['', notice.possiblyDoubled && <span class="badge late">{said.doubled}</span>],
        [
          said.lastError,
          notice.lastError !== null && <Fault lastError={notice.lastError} fault={notice.fault} />,
        ],
        [
          said.reachedNobody,
          undelivered !== null && (
            <>
              <When at={undelivered.since} />, {said.alerts(undelivered.alerts)}
            </>
          ),
        ],
        [said.nextAlert, nextAlertAt !== null && <When at={nextAlertAt} />],
        [
          said.setAsideBy,
          setAside !== null && (
            <>
              {nameOf(setAside.by)}, <When at={setAside.at} />: <bdi>{setAside.reason}</bdi>
            </>
          ),
        ],
        [
          said.next,
          nextRung !== null && nextRungAt !== null && (
            <>
              {said.steps[nextRung]}, <When at={nextRungAt} />
            </>
          ),
        ],
      ]}
    />
  )
}

function Letter({ notice, visit }: NoticeProps) {
  const { notices: said } = visit.words
  const { subject, body, language, missing, unconfirmedLaws } = notice.letter
  if (subject === '' && body === '') return <p>{said.noLetter}</p>
  return (
    <>
      {missing.length > 0 && (
        <p class="badge late">
          {said.missing}: {missing.join('; ')}
        </p>
      )}
      {unconfirmedLaws.length > 0 && (
        <p class="hint">
          {said.unconfirmedLaws}: {unconfirmedLaws.join('; ')}
        </p>
      )}
      <h3 lang={language}>
        <bdi>{subject}</bdi>
      </h3>
      <pre lang={language}>{body}</pre>
    </>
  )
}
