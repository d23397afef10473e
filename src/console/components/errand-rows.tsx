import type { Errand } from '../../takedown/index.ts'
import { own } from '../../core/index.ts'
import { endsOf } from '../../takedown/terms.ts'
import { useVisit } from '../visiting.ts'
import { errandEnds } from '../words/errand-ends.ts'
import { OperationForm } from './form.tsx'
import { Rows } from './rows.tsx'
import { When } from './when.tsx'

/** What waits for a person beside tips and decisions, and what ends it. */
export function ErrandRows({ rows }: { readonly rows: readonly Errand[] }) {
  const visit = useVisit()
  const { waiting } = visit.words
  return (
    <Rows
      caption={waiting.title}
      rows={rows}
      idOf={({ id }) => id}
      empty={visit.words.noneWaiting}
      columns={[
        {
          head: visit.words.queue.what,
          cell: (errand) => {
            const place = placeOf(errand)
            const what = own(waiting.kinds, errand.kind) ?? errand.kind
            return (
              <>
                {place === undefined ? (
                  what
                ) : (
                  <a href={place} data-open>
                    {what}
                  </a>
                )}
                {errand.urgent && <span class="badge danger"> {waiting.urgent}</span>}
              </>
            )
          },
        },
        { head: visit.words.tip.received, cell: ({ since }) => <When at={since} since /> },
        {
          head: waiting.ends,
          cell: ({ id, kind, ends }) =>
            endsOf(kind) === null && visit.may('notice:follow-up') ? (
              <OperationForm operation="waiting.markDone" given={{ id }}>
                <button type="submit">{waiting.markDone}</button>
              </OperationForm>
            ) : (
              <code>{own(errandEnds[visit.language], kind) ?? ends}</code>
            ),
        },
      ]}
    />
  )
}

/** The pages where errands are ended, by their kind; what has none is ended in the row, or by the command. */
const PLACES: Readonly<Partial<Record<Errand['kind'], string>>> = {
  tip: '/console/tips',
  'tip-message': '/console/tips',
  'own-request': '/console/tips',
  'skipped-tip': '/console/tips',
  'skipped-case': '/console/cases',
  undelivered: '/console/notices',
  notice: '/console/notices',
  reply: '/console/notices',
  objection: '/console/objections',
  answer: '/console/objections',
  dossier: '/console/dossiers',
}

/** The same for kinds whose page shows all of them. */
const LISTS: Readonly<Partial<Record<Errand['kind'], string>>> = {
  'police-mail': '/console/mails',
  'sister-mail': '/console/mails',
  iccam: '/console/iccam',
  key: '/console/contacts',
  export: '/console/files',
}

/** Where it is ended, else its case; undefined where neither is known. */
function placeOf({ kind, about, caseId }: Errand): string | undefined {
  const { [kind]: place } = PLACES
  if (place !== undefined) return `${place}/${about}`
  const { [kind]: list } = LISTS
  if (list !== undefined) return list
  return caseId === null ? undefined : `/console/cases/${caseId}`
}
