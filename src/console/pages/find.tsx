import { z } from 'zod'
import { own } from '../../core/index.ts'
import type { FoundRow } from '../../find/index.ts'
import { Rows } from '../components/rows.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { When } from '../components/when.tsx'
import { shortId } from '../names.ts'
import { page } from '../page.ts'
import { useWords } from '../visiting.ts'
import type { ConsoleWords } from '../words/index.ts'

/** What somebody who rings asks after. The words come in the body: a URL of suspected material is in no request line. */
export const findPage = page({
  path: '/console/find',
  isPosted: true,
  needs: 'case:read',
  input: z.object({ words: z.string().trim().max(8_192).default('') }),
  async show({ words, calls }, { words: asked }) {
    const { find, case: said } = words
    if (asked === '') return { title: find.title, body: <p>{find.ask}</p> }
    const { rows, isCutOff, isTakingIn, next } = await calls.find.records({ words: asked })
    return {
      title: find.title,
      body: (
        <>
          <p>
            <DefangedUrl url={asked} />
          </p>
          <Rows
            caption={find.title}
            rows={rows}
            idOf={({ kind, id }) => `${kind}-${id}`}
            empty={find.nothing}
            columns={[
              {
                head: words.queue.what,
                cell: ({ kind, id, caseId }) => {
                  const place = placeOf(kind, id, caseId)
                  const text = `${find.kinds[kind]} ${shortId(id)}`
                  if (place === undefined) return text
                  return (
                    <a href={place} data-open>
                      {text}
                    </a>
                  )
                },
              },
              { head: said.status, cell: ({ kind, state }) => stateOf(words, kind, state) },
              { head: said.url, cell: ({ url }) => url !== null && <DefangedUrl url={url} /> },
              { head: said.host, cell: ({ host }) => <bdi>{host}</bdi> },
              { head: said.opened, cell: ({ at }) => <When at={at} /> },
              { head: find.told, cell: (row) => <Told row={row} /> },
              { head: find.came, cell: (row) => <CameOf row={row} /> },
              { head: find.next, cell: (row) => <Next row={row} /> },
            ]}
          />
          {isCutOff && <p class="hint">{find.cutOff}</p>}
          {!isCutOff && next !== null && <p class="hint">{find.more}</p>}
          {isTakingIn && <p class="hint">{find.takingIn}</p>}
        </>
      ),
    }
  },
})

interface OfRow {
  readonly row: FoundRow
}

/** Who was told last, when, and under which reference of ours: what a host asks who rings. */
function Told({ row: { notice, objection } }: OfRow) {
  const { find, notices } = useWords()
  const answer = objection?.answer ?? null
  if (answer !== null) {
    return (
      <>
        {find.answered} <When at={answer.at} /> (<code>{answer.reference}</code>)
      </>
    )
  }
  if (notice === null) return null
  return (
    <>
      <bdi>{find.toldTo(own(notices.steps, notice.step) ?? notice.step, notice.recipient)}</bdi>{' '}
      <When at={notice.at} /> (<code>{notice.reference}</code>)
    </>
  )
}

function CameOf({ row: { notice, objection, lastLook } }: OfRow) {
  const { case: said, notices } = useWords()
  const state = objection === null ? notice?.state : objection.answer?.state
  return (
    <>
      {state !== undefined && (own(notices.states, state) ?? state)}
      {objection === null && lastLook !== null && (
        <>
          {state !== undefined && ', '}
          {own(said.outcomes, lastLook.outcome) ?? lastLook.outcome} <When at={lastLook.at} />
        </>
      )}
    </>
  )
}

function Next({ row: { state, notice, objection, nextLookAt } }: OfRow) {
  const { find, notices } = useWords()
  if (objection !== null) {
    if (state !== 'open') return null
    return (
      <>
        {find.decideBy} <When at={objection.decideBy} />
        {objection.isOverdue && `, ${find.overdue}`}
      </>
    )
  }
  const step = notice?.nextStep ?? null
  const stepAt = notice?.nextStepAt ?? null
  return (
    <>
      {step !== null && stepAt !== null && (
        <>
          {own(notices.steps, step) ?? step} <When at={stepAt} />
        </>
      )}
      {nextLookAt !== null && (
        <>
          {step !== null && stepAt !== null && ', '}
          {find.look} <When at={nextLookAt} />
        </>
      )}
    </>
  )
}

/** How a record of this kind stands, in the words of its own page. */
function stateOf(words: ConsoleWords, kind: FoundRow['kind'], state: string): string {
  const states: Readonly<Record<FoundRow['kind'], Readonly<Record<string, string>>>> = {
    case: words.case.statuses,
    notice: words.notices.states,
    objection: words.objections.states,
    tip: words.tip.statuses,
    item: words.register.statuses,
  }
  return own(states[kind], state) ?? state
}

function placeOf(kind: string, id: string, caseId: string | null): string | undefined {
  if (kind === 'case') return `/console/cases/${id}`
  if (kind === 'tip') return `/console/tips/${id}`
  if (kind === 'item') return `/console/items/${id}`
  if (kind === 'notice') return `/console/notices/${id}`
  if (kind === 'objection') return `/console/objections/${id}`
  return caseId === null ? undefined : `/console/cases/${caseId}`
}
