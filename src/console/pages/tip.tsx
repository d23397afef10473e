import { z } from 'zod'
import type { Tip } from '../../intake/index.ts'
import { DISMISSALS, TIP_CATEGORY_WORDS, TIP_SEEN_IN_WORDS } from '../../intake/terms.ts'
import { CLASSIFICATIONS } from '../../register/terms.ts'
import { Choice, OperationForm, Reason } from '../components/form.tsx'
import { Held } from '../components/held.tsx'
import { Known } from '../components/known.tsx'
import { Live } from '../components/live.tsx'
import { Looking } from '../components/looking.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Questions } from '../components/questions.tsx'
import { correspondenceOf, Sender } from '../components/sender.tsx'
import { Section } from '../components/section.tsx'
import { UndoCase, UndoDismissal } from '../components/undo.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { When } from '../components/when.tsx'
import { shortId } from '../names.ts'
import { page, type Visit } from '../page.ts'

const QUEUE = '/console'

/** One tip: what somebody told, what the URL is known for already, and its assessment. */
export const tipPage = page({
  path: '/console/tips/:id',
  needs: 'tip:read',
  input: z.object({ id: z.string() }),
  async show(visit, { id }) {
    const { words, calls } = visit
    const { assignment, skips, ...tip } = await calls.tips.show({ id })
    const isWork = tip.status === 'new' && visit.may('assess')
    const isOthers = assignment !== null && assignment.by !== visit.by.id
    const known =
      tip.url === undefined || !visit.may('assess')
        ? undefined
        : await calls.assessments.beforehand({ url: tip.url })
    const correspondence = await correspondenceOf(visit, tip.id)
    const undoable =
      tip.caseId === undefined || !visit.may('case:decide')
        ? undefined
        : await calls.cases.undoable({ id: tip.caseId })
    const announcement =
      undoable?.bar !== null || !visit.may('route:explain')
        ? undefined
        : await calls.cases.announce({ id: undoable.caseId })
    return {
      title: words.tip.title,
      body: (
        <>
          {tip.inDangerNow && <p class="badge danger">{words.tip.danger}</p>}
          {tip.ownRequest === true && <p class="badge late">{words.tip.ownRequest}</p>}
          <Live id="tip" of={['tips', 'assignments']}>
            <Told tip={tip} visit={visit} />
            <Held
              kind="tip"
              id={tip.id}
              assignment={assignment}
              skips={skips}
              mustNotLie={tip.inDangerNow || tip.ownRequest === true}
            />
          </Live>
          {correspondence !== undefined && (
            <Sender tipId={tip.id} correspondence={correspondence} />
          )}
          {known !== undefined && (
            <Section id="known" title={words.tip.known}>
              <Known report={known} />
            </Section>
          )}
          {tip.status === 'dismissed' && visit.may('assess') && <UndoDismissal id={tip.id} />}
          {undoable !== undefined && <UndoCase view={undoable} announcement={announcement} />}
          {isWork && tip.url !== undefined && visit.may('look') && (
            <Looking of="tip" id={tip.id} pageUrl={tip.pageUrl} today={await calls.looks.own()} />
          )}
          {isWork && isOthers && <p>{words.held.formWaits}</p>}
          {isWork && !isOthers && (
            <Work tip={tip} visit={visit} questions={await calls.assessments.questions()} />
          )}
        </>
      ),
    }
  },
})

function Told({ tip, visit }: { readonly tip: Tip; readonly visit: Visit }) {
  const { words, language } = visit
  const { tip: said } = words
  const { category, seenIn } = tip
  return (
    <Pairs
      rows={[
        [said.status, said.statuses[tip.status]],
        [said.source, said.sources[tip.source]],
        [said.received, <When key="at" at={tip.receivedAt} />],
        [said.url, tip.url !== undefined && <DefangedUrl url={tip.url} />],
        [said.pageUrl, tip.pageUrl !== undefined && <DefangedUrl url={tip.pageUrl} />],
        [said.category, category !== undefined && TIP_CATEGORY_WORDS[category][language]],
        [said.words, tip.words],
        [said.seenIn, seenIn !== undefined && TIP_SEEN_IN_WORDS[seenIn][language]],
        [said.country, tip.country],
        [said.note, tip.note],
        [said.reference, tip.reference],
        [
          said.case,
          tip.caseId !== undefined && (
            <a href={`/console/cases/${tip.caseId}`}>{shortId(tip.caseId)}</a>
          ),
        ],
      ]}
    />
  )
}

/** The acts upon a tip that nobody has settled. */
function Work({
  tip,
  visit,
  questions,
}: {
  readonly tip: Tip
  readonly visit: Visit
  readonly questions: Awaited<ReturnType<Visit['calls']['assessments']['questions']>>
}) {
  const { tip: said, classes } = visit.words
  return (
    <>
      {tip.url !== undefined && (
        <Section id="assess" title={said.assess}>
          <p class="hint">{said.assessHint}</p>
          <OperationForm
            operation="assessments.assess"
            label={said.assess}
            next={QUEUE}
            given={{
              url: tip.url,
              tipId: tip.id,
              ...(tip.pageUrl !== undefined && { pageUrl: tip.pageUrl }),
            }}
          >
            <Choice
              name="classification"
              legend={said.class}
              options={CLASSIFICATIONS.map((one) => [one, classes[one]] as const)}
            />
            <details>
              <summary>{said.questions}</summary>
              <Questions questions={questions.all} />
            </details>
            <Reason id="assess-reason" />
            <button type="submit">{said.assessGo}</button>
          </OperationForm>
        </Section>
      )}
      {tip.url === undefined && (
        <Section id="police" title={said.tellPolice}>
          <OperationForm
            operation="tips.tellPolice"
            label={said.tellPolice}
            next={QUEUE}
            given={{ id: tip.id }}
          >
            <Reason id="police-reason" />
            <button type="submit">{said.tellPoliceGo}</button>
          </OperationForm>
        </Section>
      )}
      <Section id="dismiss" title={said.dismiss}>
        <OperationForm
          operation="tips.dismiss"
          label={said.dismiss}
          next={QUEUE}
          given={{ id: tip.id }}
        >
          <Choice
            name="why"
            legend={said.dismissWhy}
            options={DISMISSALS.map((one) => [one, said.dismissals[one]] as const)}
          />
          <Reason id="dismiss-reason" />
          <button type="submit">{said.dismissGo}</button>
        </OperationForm>
      </Section>
    </>
  )
}
