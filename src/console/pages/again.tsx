import { z } from 'zod'
import type { SampleDifference, SampleDetail, SampleView } from '../../assessing/index.ts'
import { CASE_TAKE_BACKS, SAMPLE_OUTCOMES } from '../../cases/terms.ts'
import { CLASSIFICATIONS } from '../../register/terms.ts'
import { Evidence } from '../components/evidence.tsx'
import { Choice, OperationForm, Reason } from '../components/form.tsx'
import { Looking } from '../components/looking.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { When } from '../components/when.tsx'
import { shortId } from '../names.ts'
import { page, type Visit } from '../page.ts'

const LIST = '/console/again'

/** One decision that is decided again: taken, then with what it stood on; or with what two said, for a third. */
export const againPage = page({
  path: '/console/again/:id',
  needs: 'case:work',
  input: z.object({ id: z.string() }),
  async show(visit, { id }) {
    const { again } = visit.words
    const sample = await visit.calls.samples.show({ id })
    const today =
      sample.state === 'second' && visit.may('look') ? await visit.calls.looks.own() : undefined
    return {
      title: sample.state === 'third' ? again.two : again.one,
      body: (
        <>
          <Facts sample={sample} visit={visit} />
          {sample.state === 'free' && <Take sample={sample} visit={visit} />}
          {sample.state === 'second' && (
            <>
              {sample.kind === 'match' && <StoodOn sample={sample} visit={visit} />}
              {today !== undefined && (
                <Looking of="sample" id={sample.id} pageUrl={sample.pageUrl} today={today} />
              )}
              <Decide sample={sample} visit={visit} />
              <Leave sample={sample} visit={visit} />
            </>
          )}
          {sample.state === 'third' && <Settle sample={sample} visit={visit} />}
        </>
      ),
    }
  },
})

interface SampleProps<Shown extends SampleView> {
  readonly sample: Shown
  readonly visit: Visit
}

function Facts({ sample, visit }: SampleProps<SampleView | SampleDetail | SampleDifference>) {
  const { words } = visit
  const { again } = words
  const { kind, url, pageUrl, since, hours } = sample
  return (
    <Pairs
      rows={[
        [again.what, again.kinds[kind]],
        [words.tip.url, <DefangedUrl key="url" url={url} />],
        [words.tip.pageUrl, pageUrl !== null && <DefangedUrl url={pageUrl} />],
        [again.since, <When key="since" at={since} />],
        [again.waited, again.hours(hours)],
        [
          again.heldUntil,
          'heldUntil' in sample && sample.heldUntil !== null && <When at={sample.heldUntil} />,
        ],
        [
          again.case,
          'caseId' in sample && (
            <a href={`/console/cases/${sample.caseId}`}>{shortId(sample.caseId)}</a>
          ),
        ],
      ]}
    />
  )
}

function Take({ sample: { id }, visit }: SampleProps<SampleView>) {
  const { again } = visit.words
  return (
    <Section id="take" title={again.take}>
      <p class="hint">{again.takeHint}</p>
      <OperationForm operation="samples.take" label={again.take} given={{ id }}>
        <button type="submit" data-key="t">
          {again.take}
        </button>
      </OperationForm>
    </Section>
  )
}

function StoodOn({ sample: { matches }, visit }: SampleProps<SampleDetail>) {
  return (
    <Section id="evidence" title={visit.words.again.evidence}>
      {matches.map((match) => (
        <Evidence key={match.itemId} match={match} />
      ))}
    </Section>
  )
}

/** The form of who decided first: of a match two buttons, of something new the classes. */
function Decide({ sample: { id, kind }, visit }: SampleProps<SampleDetail>) {
  const { again, tip, classes } = visit.words
  const isMatch = kind === 'match'
  return (
    <Section id="decide" title={again.decide}>
      <p class="hint">{again.decideHint}</p>
      <OperationForm operation="samples.decide" label={again.decide} given={{ id }} next={LIST}>
        {!isMatch && (
          <Choice
            name="answer"
            legend={tip.class}
            options={CLASSIFICATIONS.map((one) => [one, classes[one]] as const)}
          />
        )}
        <Reason id="decide-reason" />
        {isMatch ? (
          <div class="buttons">
            <button type="submit" name="answer" value="accepted" data-key="a">
              {again.answers.accepted}
            </button>
            <button type="submit" name="answer" value="rejected" data-key="r">
              {again.answers.rejected}
            </button>
          </div>
        ) : (
          <button type="submit">{again.go}</button>
        )}
      </OperationForm>
    </Section>
  )
}

function Leave({ sample: { id }, visit }: SampleProps<SampleDetail>) {
  const { again } = visit.words
  return (
    <Section id="leave" title={again.leave}>
      <p class="hint">{again.leaveHint}</p>
      <OperationForm operation="samples.leave" label={again.leave} given={{ id }} next={LIST}>
        <button type="submit">{again.leaveGo}</button>
      </OperationForm>
    </Section>
  )
}

function Settle({ sample, visit }: SampleProps<SampleDifference>) {
  const { words } = visit
  const { again, objections, classes } = words
  const { id, first, second } = sample
  const called: Readonly<Record<SampleDifference['first']['said'], string>> = {
    ...again.answers,
    ...classes,
  }
  return (
    <>
      <Section id="said" title={again.both}>
        <Rows
          caption={again.both}
          rows={[
            { id: 'first', who: again.first, ...first },
            { id: 'second', who: again.second, ...second },
          ]}
          idOf={(one) => one.id}
          empty={words.none}
          columns={[
            { head: again.which, cell: ({ who }) => who },
            { head: again.said, cell: ({ said }) => called[said] },
            { head: words.reason, cell: ({ reason }) => <bdi>{reason}</bdi> },
          ]}
        />
      </Section>
      <Section id="settle" title={again.settle}>
        <p class="hint">{again.settleHint}</p>
        <OperationForm operation="samples.settle" label={again.settle} given={{ id }} next={LIST}>
          <Choice
            name="outcome"
            legend={again.outcome}
            options={SAMPLE_OUTCOMES.map((one) => [one, again.outcomes[one]] as const)}
          />
          {first.said === 'rejected' ? (
            <p class="hint">{again.acceptHint}</p>
          ) : (
            <Choice
              name="takeBack"
              legend={again.takeBack}
              options={[
                ['', again.nothing] as const,
                ...CASE_TAKE_BACKS.map((why) => [why, objections.takeBacks[why]] as const),
              ]}
              required={false}
            />
          )}
          <Reason id="settle-reason" />
          <button type="submit">{again.settleGo}</button>
        </OperationForm>
      </Section>
    </>
  )
}
