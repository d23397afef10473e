import { z } from 'zod'
import type { ObjectionDetail } from '../../assessing/index.ts'
import { CASE_TAKE_BACKS } from '../../cases/terms.ts'
import { Choice, OperationForm, Reason } from '../components/form.tsx'
import { Fault } from '../components/fault.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { namesFor, shortId } from '../names.ts'
import { page, type Visit } from '../page.ts'

/** One objection: what they say, by when it is decided and by whom, the decision, the answer. */
export const objectionPage = page({
  path: '/console/objections/:id',
  needs: 'notice:read',
  input: z.object({ id: z.string() }),
  async show(visit, { id }) {
    const { objections: said } = visit.words
    const objection = await visit.calls.objections.show({ id })
    const nameOf = await namesFor(visit, [objection.recordedBy, objection.decidedBy])
    return {
      title: `${said.title} ${shortId(objection.id)}`,
      body: (
        <>
          <Facts objection={objection} visit={visit} nameOf={nameOf} />
          <Section id="words" title={said.words}>
            <pre>{objection.words}</pre>
          </Section>
          {objection.state === 'open' && <Decide objection={objection} visit={visit} />}
          <Section id="answer" title={said.answer}>
            <Answer objection={objection} visit={visit} />
          </Section>
        </>
      ),
    }
  },
})

interface ObjectionProps {
  readonly objection: ObjectionDetail
  readonly visit: Visit
}

function Facts({
  objection,
  visit,
  nameOf,
}: ObjectionProps & { readonly nameOf: (id: string | null) => string }) {
  const { objections: said, notices } = visit.words
  const { caseId, noticeId, contact, decidedAt, reason } = objection
  return (
    <Pairs
      rows={[
        [
          said.state,
          <>
            {said.states[objection.state]}
            {objection.isOverdue && (
              <>
                {' '}
                <span class="badge danger">{said.late}</span>
              </>
            )}
          </>,
        ],
        [said.decideBy, <When at={objection.decideBy} />],
        [said.who, said.objectors[objection.objector]],
        [said.way, said.ways[objection.way]],
        [said.received, <When at={objection.receivedAt} />],
        [
          said.recordedBy,
          <>
            {nameOf(objection.recordedBy)}, <When at={objection.recordedAt} />
          </>,
        ],
        [
          said.against,
          <>
            <a href={`/console/cases/${caseId}`}>{notices.openCase(shortId(caseId))}</a>
            {noticeId !== null && (
              <>
                , <a href={`/console/notices/${noticeId}`}>{said.notice}</a>
              </>
            )}
          </>,
        ],
        [said.contact, contact === null ? said.byHand : <bdi>{contact}</bdi>],
        [
          said.decidedBy,
          decidedAt !== null && (
            <>
              {nameOf(objection.decidedBy)}, <When at={decidedAt} />
            </>
          ),
        ],
        [said.because, reason !== null && <bdi>{reason}</bdi>],
      ]}
    />
  )
}

function Decide({ objection, visit }: ObjectionProps) {
  const { objections: said } = visit.words
  const { id, mayDecide } = objection
  const isMine = mayDecide.includes(visit.by.pseudonym)
  return (
    <>
      <Section id="decide" title={said.decide}>
        <p>{mayDecide.length === 0 ? said.nobodyMay : said.mayDecide(mayDecide.join(', '))}</p>
        {!isMine && visit.may('objection:decide') && <p>{said.notYou}</p>}
        {isMine && (
          <>
            <h3>{said.reject}</h3>
            <OperationForm
              operation="objections.decide"
              label={said.reject}
              given={{ id, decision: 'rejected' }}
            >
              <Reason id="reject-reason" hint={said.rejectHint} />
              <button type="submit">{said.rejectGo}</button>
            </OperationForm>
            <h3>{said.uphold}</h3>
            <OperationForm
              operation="objections.decide"
              label={said.uphold}
              given={{ id, decision: 'upheld' }}
            >
              <Choice
                name="takeBack"
                legend={said.takeBack}
                options={CASE_TAKE_BACKS.map((why) => [why, said.takeBacks[why]])}
              />
              <Reason id="uphold-reason" hint={said.upholdHint} />
              <button type="submit">{said.upholdGo}</button>
            </OperationForm>
          </>
        )}
      </Section>
      {visit.may('notice:follow-up') && (
        <Section id="withdraw" title={said.withdraw}>
          <p class="hint">{said.withdrawHint}</p>
          <OperationForm operation="objections.withdraw" label={said.withdraw} given={{ id }}>
            <Reason id="withdraw-reason" />
            <button type="submit">{said.withdrawGo}</button>
          </OperationForm>
        </Section>
      )}
    </>
  )
}

function Answer({ objection, visit }: ObjectionProps) {
  const { objections: said, notices } = visit.words
  const { letter, state } = objection
  if (letter === null) return <p>{state === 'withdrawn' ? said.answerNever : said.answerNone}</p>
  const isByHand = letter.state === 'queued' && letter.channel === 'by-hand'
  return (
    <>
      <Pairs
        rows={[
          [said.reference, letter.reference],
          [said.state, said.answerStates[letter.state]],
          [notices.way, notices.ways[letter.channel]],
          [said.toldAt, letter.toldAt !== null && <When at={letter.toldAt} />],
          [
            said.lastError,
            letter.lastError !== null && (
              <Fault lastError={letter.lastError} fault={letter.fault} />
            ),
          ],
        ]}
      />
      <h3 lang={letter.language}>
        <bdi>{letter.subject}</bdi>
      </h3>
      <pre lang={letter.language}>{letter.body}</pre>
      {isByHand && visit.may('notice:follow-up') && (
        <OperationForm operation="objections.markTold" given={{ id: objection.id }}>
          <button type="submit">{said.told}</button>
        </OperationForm>
      )}
    </>
  )
}
