import type { NewKey } from '../../access/index.ts'
import type { AuditProblem, AuditReport } from '../../audit/index.ts'
import type { CopiedPlace, ShownPage, TakenLook } from '../../looks/terms.ts'
import type { NewInvitation } from '../../sessions/index.ts'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { When } from '../components/when.tsx'
import type { HashedAnswer } from '../../curation/index.ts'
import type { PageBody, Visit } from '../page.ts'
import { copiedUrl, takenLook } from './look-answers.tsx'
import { pageText } from './page-text.tsx'
import { proposedPictures } from './proposed-pictures.tsx'

/** What an operation answered, shown in place of the page that follows: it is kept nowhere, so nobody comes back to it. */
export type AnswerPage = (visit: Visit, answer: unknown, next: string) => PageBody

/** The one operation whose answer has a picture in it. */
const LOOK = 'looks.take'

/** Each stands beside the name of the operation whose answer it shows: the answer is of that type. */
const ANSWERS: ReadonlyMap<string, AnswerPage> = new Map<string, AnswerPage>([
  ['keys.create', (visit, answer, next) => newKey(visit, answer as NewKey, next)],
  ['keys.rotate', (visit, answer, next) => newKey(visit, answer as NewKey, next)],
  ['audit.verify', (visit, answer, next) => verified(visit, answer as AuditReport, next)],
  [LOOK, (visit, answer, next) => takenLook(visit, answer as TakenLook, next)],
  ['looks.text', (visit, answer, next) => pageText(visit, answer as ShownPage, next)],
  ['looks.url', (visit, answer, next) => copiedUrl(visit, answer as CopiedPlace, next)],
  [
    'items.proposeHashed',
    (visit, answer, next) => proposedPictures(visit, answer as HashedAnswer, next),
  ],
  ['sessions.invite', (visit, answer, next) => invitation(visit, answer as NewInvitation, next)],
])

/** Undefined where the next page follows, as usual. */
export function answerPage(operation: string): AnswerPage | undefined {
  return ANSWERS.get(operation)
}

/** Whether the page has a picture in itself, which no other page may have. */
export function showsStill(operation: string): boolean {
  return operation === LOOK
}

function newKey({ words: { people } }: Visit, key: NewKey, next: string): PageBody {
  return {
    title: people.secretTitle,
    body: (
      <>
        <p class="message" role="status" tabindex={-1} data-focus>
          {people.secretOnce}
        </p>
        <Pairs
          rows={[
            [people.label, key.label],
            [people.secret, <Secret key="secret" text={key.secret} />],
            [people.expires, <When key="expires" at={key.expiresAt} />],
            [people.until, key.overlapEndsAt !== null && <When at={key.overlapEndsAt} />],
          ]}
        />
        <Onward next={next} text={people.back} />
      </>
    ),
  }
}

function invitation({ words: { people } }: Visit, made: NewInvitation, next: string): PageBody {
  return {
    title: `${people.codeTitle}: ${made.pseudonym}`,
    body: (
      <>
        <p class="message" role="status" tabindex={-1} data-focus>
          {people.codeOnce}
        </p>
        {made.isReset && <p class="badge late">{people.wasReset(made.ended)}</p>}
        <Pairs
          rows={[
            [people.code, <Secret key="code" text={made.code} />],
            [
              made.link === null ? people.path : people.link,
              <Secret key="link" text={made.link ?? made.path} />,
            ],
            [people.goodUntil, <When key="until" at={made.expiresAt} />],
          ]}
        />
        <Onward next={next} text={people.back} />
      </>
    ),
  }
}

function verified({ words }: Visit, report: AuditReport, next: string): PageBody {
  const { audit } = words
  const { intact, entries, erased, pending, head, problems, problemsTotal } = report
  const more = problemsTotal - problems.length
  return {
    title: audit.verified,
    body: (
      <>
        <div class={intact ? 'message' : 'message problem'} role={intact ? 'status' : 'alert'}>
          <p>{intact ? audit.intact : audit.broken}</p>
          {!intact && <p>{audit.brokenRemedy}</p>}
        </div>
        <Pairs
          rows={[
            [audit.entries, String(entries)],
            [audit.erasedCount, String(erased)],
            [audit.pending, String(pending)],
            [audit.sealed, head !== null && <When at={head.at} />],
          ]}
        />
        {!intact && (
          <Rows<AuditProblem>
            caption={audit.problem}
            rows={problems}
            idOf={({ kind, number, message }) => `${kind} ${number} ${message}`}
            empty={words.none}
            columns={[
              { head: audit.number, cell: ({ number }) => String(number) },
              { head: audit.problem, cell: ({ kind }) => audit.problems[kind] },
            ]}
          />
        )}
        {more > 0 && <p>{audit.more(more)}</p>}
        <Onward next={next} text={audit.back} />
      </>
    ),
  }
}

function Secret({ text }: { readonly text: string }) {
  return <code class="url secret">{text}</code>
}

function Onward({ next, text }: { readonly next: string; readonly text: string }) {
  return (
    <p>
      <a href={next}>{text}</a>
    </p>
  )
}
