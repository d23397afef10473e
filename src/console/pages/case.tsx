import { z } from 'zod'
import type { CaseDetail } from '../../operations/index.ts'
import { Announced } from '../components/announced.tsx'
import { Evidence } from '../components/evidence.tsx'
import { ManyForm, OperationForm, Reason } from '../components/form.tsx'
import { Held } from '../components/held.tsx'
import { ItemLink } from '../components/item-link.tsx'
import { Letters } from '../components/letters.tsx'
import { Live } from '../components/live.tsx'
import { Looking } from '../components/looking.tsx'
import { NoticeRows } from '../components/notice-rows.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Section } from '../components/section.tsx'
import { Timeline } from '../components/timeline.tsx'
import { UndoCase } from '../components/undo.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { When } from '../components/when.tsx'
import { shortId } from '../names.ts'
import { LOOK_CAUSES_SV } from '../words/said.ts'
import { page, type Visit } from '../page.ts'

/** One case: why it matched, what happens next, what has happened, and the decision where one is wanted. */
export const casePage = page({
  path: '/console/cases/:id',
  needs: 'case:read',
  input: z.object({ id: z.string() }),
  async show(visit, { id }) {
    const { words, calls } = visit
    const { case: said } = words
    const found = await calls.cases.show({ id })
    const isOver = found.closedReason !== null
    const [announcement, letters, undoable, today] = await Promise.all([
      visit.may('route:explain') && !isOver ? calls.cases.announce({ id: found.id }) : undefined,
      visit.may('notice:read') ? calls.cases.letters({ id: found.id }) : undefined,
      visit.may('case:decide') ? calls.cases.undoable({ id: found.id }) : undefined,
      visit.may('look') && !isOver ? calls.looks.own() : undefined,
    ])
    const isPending = found.decision === 'pending'
    const isOthers = found.assignment !== null && found.assignment.by !== visit.by.id
    return {
      title: `${said.title} ${shortId(found.id)}`,
      body: (
        <>
          <Live id="case" of={['cases', 'assignments']}>
            <Facts found={found} visit={visit} />
            <Held
              kind="case"
              id={found.id}
              assignment={found.assignment}
              skips={found.skips}
              mustNotLie={found.circumstances.inDangerNow || found.circumstances.ownRequest}
            />
          </Live>
          <Section id="evidence" title={said.evidence}>
            {found.matches.length === 0 && <p>{said.evidenceNone}</p>}
            {found.matches.map((match) => (
              <Evidence key={match.itemId} match={match} />
            ))}
          </Section>
          {today !== undefined && (
            <Looking of="case" id={found.id} pageUrl={found.pageUrl} today={today} />
          )}
          {announcement !== undefined && (
            <Section id="next" title={isPending ? said.willIfAccepted : said.will}>
              <Announced announcement={announcement} />
            </Section>
          )}
          {letters !== undefined && (
            <Section id="letters" title={said.letter}>
              <Letters letters={letters} />
            </Section>
          )}
          {visit.may('notice:read') && (
            <Section id="told" title={said.notices}>
              <NoticeRows
                rows={found.notices}
                caption={said.notices}
                empty={said.letterNone}
                ofOneCase
              />
              <p>
                <a href={`/console/objections?caseId=${found.id}`}>{words.objections.list}</a>
                {', '}
                <a href={`/console/dossiers?caseId=${found.id}`}>{words.dossiers.list}</a>
              </p>
            </Section>
          )}
          {isPending && visit.may('case:decide') && isOthers && <p>{words.held.formWaits}</p>}
          {isPending && visit.may('case:decide') && !isOthers && (
            <Decide id={found.id} visit={visit} />
          )}
          {undoable !== undefined && <UndoCase view={undoable} announcement={announcement} />}
          {visit.may('item:propose') && (
            <p>
              <a href={`/console/register?caseId=${found.id}`}>{words.registering.fromCase}</a>
            </p>
          )}
          <Section id="notes" title={said.notes}>
            <Notes found={found} visit={visit} />
          </Section>
          <Live id="timeline" of={['cases', 'notices']}>
            <Section id="timeline" title={said.timeline}>
              <Timeline found={found} />
            </Section>
          </Live>
        </>
      ),
    }
  },
})

function Facts({ found, visit }: { readonly found: CaseDetail; readonly visit: Visit }) {
  const { words } = visit
  const { case: said } = words
  const { host } = found
  return (
    <Pairs
      rows={[
        [said.status, said.statuses[found.status]],
        [said.class, words.classes[found.classification]],
        [said.verdict, said.verdicts[found.verdict]],
        [said.decision, said.decisions[found.decision]],
        [
          said.item,
          found.subject.kind === 'item' && (
            <>
              {visit.may('item:read') ? (
                <ItemLink id={found.subject.id} />
              ) : (
                <code>{shortId(found.subject.id)}</code>
              )}
              , {found.itemVerified ? said.verified : said.notVerified}
            </>
          ),
        ],
        [said.url, <DefangedUrl key="url" url={found.url} />],
        [said.page, found.pageUrl !== null && <DefangedUrl url={found.pageUrl} />],
        [
          said.host,
          host === null ? said.hostUnknown : <HostOf found={found} host={host} visit={visit} />,
        ],
        [said.opened, <When key="opened" at={found.openedAt} />],
        [
          said.lastSeen,
          <>
            <When at={found.lastSeenAt} />, {said.sightings(found.sightings)}
          </>,
        ],
        [
          said.looks,
          found.lastLook !== null && (
            <>
              {said.outcomes[found.lastLook.outcome]}, <When at={found.lastLook.at} /> (
              {visit.language === 'en'
                ? found.lastLook.reason
                : LOOK_CAUSES_SV[found.lastLook.cause]}
              )
              {found.lastLook.shown !== undefined &&
                ` ${words.evidence.shows[found.lastLook.shown.extent]}`}
            </>
          ),
        ],
        [said.nextLook, found.nextRecheckAt !== null && <When at={found.nextRecheckAt} />],
      ]}
    />
  )
}

function HostOf({
  found: { hostId },
  host,
  visit,
}: {
  readonly found: CaseDetail
  readonly host: NonNullable<CaseDetail['host']>
  readonly visit: Visit
}) {
  const { name, country, abuseContact } = host
  const more = [country, abuseContact].filter(Boolean).map((text) => `, ${text ?? ''}`)
  const isOpen = hostId !== null && visit.may('contact:read')
  return (
    <>
      {isOpen ? (
        <a href={`/console/hosts/${hostId}`}>
          <bdi>{name}</bdi>
        </a>
      ) : (
        <bdi>{name}</bdi>
      )}
      <bdi>{more.join('')}</bdi>
    </>
  )
}

function Decide({ id, visit }: { readonly id: string; readonly visit: Visit }) {
  const { case: said } = visit.words
  return (
    <Section id="decide" title={said.decide}>
      <p class="hint">{said.decideHint}</p>
      <OperationForm operation="cases.decide" label={said.decide} given={{ id }} next="/console">
        <Reason id="decide-reason" />
        <div class="buttons">
          <button type="submit" name="decision" value="accepted" data-key="a">
            {said.accept}
          </button>
          <button type="submit" name="decision" value="rejected" data-key="r">
            {said.reject}
          </button>
        </div>
      </OperationForm>
      <DecideAlike id={id} visit={visit} />
    </Section>
  )
}

/** The same for whatever else waits and stands on the same evidence, once the next page has shown how many. */
function DecideAlike({ id, visit }: { readonly id: string; readonly visit: Visit }) {
  const { case: said, many } = visit.words
  return (
    <ManyForm
      title={many.alike}
      hint={many.alikeHint}
      operation="cases.decideMany"
      given={{ 'query.alike': id }}
    >
      <Reason id="alike-reason" name="said.reason" />
      <div class="buttons">
        <button type="submit" name="said.decision" value="accepted">
          {said.accept}
        </button>
        <button type="submit" name="said.decision" value="rejected">
          {said.reject}
        </button>
      </div>
    </ManyForm>
  )
}

function Notes({ found, visit }: { readonly found: CaseDetail; readonly visit: Visit }) {
  const { case: said } = visit.words
  return (
    <>
      {found.notes.length > 0 && (
        <ul class="notes">
          {found.notes.map((note) => (
            <li key={note.id}>
              <p>{note.text}</p>
              <p class="hint">
                {note.author ?? visit.words.unknown}, <When at={note.at} />
              </p>
            </li>
          ))}
        </ul>
      )}
      {visit.may('case:work') && (
        <OperationForm operation="cases.note" label={said.noteText} given={{ id: found.id }}>
          <div class="field">
            <label for="note">{said.noteText}</label>
            <textarea id="note" name="text" rows={2} maxlength={10_000} required />
          </div>
          <button type="submit">{said.noteGo}</button>
        </OperationForm>
      )}
    </>
  )
}
