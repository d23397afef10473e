import { z } from 'zod'
import { EXPORT_FORMATS, EXPORT_KINDS } from '../../takedown/terms.ts'
import { Choice, OperationForm, TypedField } from '../components/form.tsx'
import { lastOf, PAGE_ROWS, Pager } from '../components/pager.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { optional } from '../optional.ts'
import { page } from '../page.ts'
import { useWords } from '../visiting.ts'

/** Files that somebody carries to other hotlines and INTERPOL: making them, taking them. */
export const carriedPage = page({
  path: '/console/files',
  needs: 'notice:read',
  input: z.object({ after: optional(z.string().max(64)) }),
  async show(visit, filter) {
    const { words, calls } = visit
    const { carried: said } = words
    const rows = await calls.hotlineExports.list({ ...filter, limit: PAGE_ROWS })
    const mayTake = visit.may('hotline-export:take')
    return {
      title: said.title,
      body: (
        <>
          <p>{said.hint}</p>
          <p class="hint">{said.toDo}</p>
          <Rows
            caption={said.title}
            rows={rows}
            idOf={({ id }) => id}
            empty={words.none}
            columns={[
              { head: said.name, cell: ({ name }) => <code>{name}</code> },
              { head: said.kind, cell: ({ kind }) => said.kinds[kind] },
              { head: said.country, cell: ({ country }) => country ?? '' },
              { head: said.day, cell: ({ day }) => day },
              { head: said.lines, cell: ({ lines }) => String(lines) },
              { head: said.madeAt, cell: ({ madeAt }) => <When at={madeAt} /> },
              { head: said.writtenAt, cell: ({ writtenAt }) => <When at={writtenAt} /> },
              ...(mayTake
                ? [
                    {
                      head: said.take,
                      cell: ({ id, kind, name }: (typeof rows)[number]) =>
                        EXPORT_FORMATS.filter(
                          (format) => format === 'json' || kind === 'iccam',
                        ).map((format) => (
                          <>
                            <a
                              href={`/console/files/${id}/${format}`}
                              aria-label={`${name}, ${said[format]}`}
                              download
                            >
                              {said[format]}
                            </a>{' '}
                          </>
                        )),
                    },
                  ]
                : []),
            ]}
          />
          <Pager filter={filter} last={lastOf(rows)} />
          {mayTake && (
            <Section id="make" title={said.make}>
              <Make />
            </Section>
          )}
        </>
      ),
    }
  },
})

function Make() {
  const { carried: said } = useWords()
  return (
    <OperationForm operation="hotlineExports.take" label={said.make}>
      <p class="hint">{said.makeHint}</p>
      <Choice
        name="kind"
        legend={said.makeKind}
        options={EXPORT_KINDS.map((kind) => [kind, said.kinds[kind]])}
      />
      <TypedField name="country" label={said.makeCountry} minlength={2} maxlength={2} />
      <Choice
        name="today"
        legend={said.day}
        options={[['true', said.makeToday]]}
        required={false}
        several
      />
      <button type="submit">{said.makeGo}</button>
    </OperationForm>
  )
}
