import { z } from 'zod'
import type { PanelDetail } from '../../assessing/index.ts'
import { CLASSIFICATIONS } from '../../register/terms.ts'
import { Choice, OperationForm, Reason, useTyped } from '../components/form.tsx'
import { Known } from '../components/known.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Questions } from '../components/questions.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { When } from '../components/when.tsx'
import { shortId } from '../names.ts'
import { page, type Visit } from '../page.ts'

/** One that several people assess: the form of whoever is next, and once it is over what each of them said. */
export const secondPage = page({
  path: '/console/second/:id',
  needs: 'assess',
  input: z.object({ id: z.string() }),
  async show(visit, { id }) {
    const { words, calls } = visit
    const { second } = words
    const panel = await calls.assessments.panel({ id })
    const isWaiting = panel.state === 'second' || panel.state === 'third'
    const [known, questions] = panel.mayGive
      ? await Promise.all([
          calls.assessments.beforehand({ url: panel.url }),
          calls.assessments.questions(),
        ])
      : [undefined, undefined]
    return {
      title: second.one,
      body: (
        <>
          <Facts panel={panel} visit={visit} />
          {known !== undefined && (
            <Section id="known" title={words.tip.known}>
              <Known report={known} />
            </Section>
          )}
          {questions !== undefined && (
            <Give panel={panel} visit={visit} questions={questions.all} />
          )}
          {isWaiting && !panel.mayGive && <p>{panel.given ? second.yours : second.notYours}</p>}
          {panel.state === 'second' && panel.given && <Withdraw panel={panel} visit={visit} />}
          {panel.assessments.length > 0 && <Said panel={panel} visit={visit} />}
        </>
      ),
    }
  },
})

function Facts({ panel, visit }: { readonly panel: PanelDetail; readonly visit: Visit }) {
  const { words } = visit
  const { second } = words
  const { state, url, pageUrl, since, hours, tipIds, caseId } = panel
  return (
    <Pairs
      rows={[
        [second.state, second.states[state]],
        [words.tip.url, <DefangedUrl key="url" url={url} />],
        [words.tip.pageUrl, pageUrl !== null && <DefangedUrl url={pageUrl} />],
        [second.since, <When key="since" at={since} />],
        [second.waited, second.hours(hours)],
        [
          second.tips,
          tipIds.length > 0 &&
            tipIds.map((tip) => (
              <a key={tip} href={`/console/tips/${tip}`}>
                {shortId(tip)}{' '}
              </a>
            )),
        ],
        [
          words.tip.case,
          caseId !== null && <a href={`/console/cases/${caseId}`}>{shortId(caseId)}</a>,
        ],
      ]}
    />
  )
}

function Give({
  panel,
  visit,
  questions,
}: {
  readonly panel: PanelDetail
  readonly visit: Visit
  readonly questions: Parameters<typeof Questions>[0]['questions']
}) {
  const { second, tip, classes } = visit.words
  const { id, url, pageUrl } = panel
  return (
    <Section id="assess" title={second.assess}>
      <p>{panel.state === 'third' ? second.isThird : second.isSecond}</p>
      <p class="hint">{second.assessHint}</p>
      <OperationForm
        operation="assessments.assess"
        label={second.assess}
        next={`/console/second/${id}`}
        given={{ url, panelId: id, ...(pageUrl !== null && { pageUrl }) }}
      >
        <Choice
          name="classification"
          legend={tip.class}
          options={CLASSIFICATIONS.map((one) => [one, classes[one]] as const)}
        />
        <Tick name="circumstances.inDangerNow" text={second.inDanger} />
        <Tick name="pageItself" text={second.pageItself} />
        <details>
          <summary>{tip.questions}</summary>
          <Questions questions={questions} />
        </details>
        <Reason id="assess-reason" />
        <button type="submit">{tip.assessGo}</button>
      </OperationForm>
    </Section>
  )
}

function Tick({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div class="choice">
      <label>
        <input type="checkbox" name={name} value="true" checked={useTyped(name) === 'true'} />{' '}
        {text}
      </label>
    </div>
  )
}

function Withdraw({ panel, visit }: { readonly panel: PanelDetail; readonly visit: Visit }) {
  const { second } = visit.words
  return (
    <Section id="withdraw" title={second.withdraw}>
      <p class="hint">{second.withdrawHint}</p>
      <OperationForm
        operation="assessments.withdraw"
        label={second.withdraw}
        given={{ id: panel.id }}
      >
        <Reason id="withdraw-reason" />
        <button type="submit">{second.withdrawGo}</button>
      </OperationForm>
    </Section>
  )
}

function Said({ panel, visit }: { readonly panel: PanelDetail; readonly visit: Visit }) {
  const { words } = visit
  const { second } = words
  return (
    <Section id="said" title={second.said}>
      <Rows
        caption={second.said}
        rows={panel.assessments}
        idOf={({ id }) => id}
        empty={words.none}
        columns={[
          { head: second.who, cell: ({ assessor }) => assessor ?? words.unknown },
          { head: words.tip.class, cell: ({ classification }) => words.classes[classification] },
          { head: words.reason, cell: ({ reason }) => reason },
          { head: words.tip.received, cell: ({ at }) => <When at={at} /> },
        ]}
      />
      {panel.caseId === null && <p>{second.noCase}</p>}
    </Section>
  )
}
