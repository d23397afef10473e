import type { HashedAnswer } from '../../curation/index.ts'
import { Findings } from '../components/findings.tsx'
import { ItemLink } from '../components/item-link.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import type { PageBody, Visit } from '../page.ts'
import { faultIn, refusalIn } from '../problem.ts'

/** What became of pictures that were proposed together, each by its number among those that were hashed. */
export function proposedPictures(
  { words, language }: Visit,
  { proposed, refused }: HashedAnswer,
  next: string,
): PageBody {
  const { registering: said, ownFiles, register } = words
  const number = ({ place }: { readonly place: number }) => String(place + 1)
  return {
    title: said.done,
    body: (
      <>
        <p class="message" role="status" tabindex={-1} data-focus>
          {said.proposed}: {String(proposed.length)}. {said.refused}: {String(refused.length)}.
        </p>
        <Section id="proposed" title={said.proposed}>
          <Rows
            caption={said.proposed}
            rows={proposed}
            idOf={number}
            empty={said.none}
            columns={[
              { head: ownFiles.number, cell: number },
              { head: register.item, cell: ({ id }) => <ItemLink id={id} opens /> },
              { head: register.status, cell: ({ status }) => register.short[status] },
              { head: register.quality, cell: ({ quality }) => register.qualityOf(quality) },
              { head: said.findings, cell: ({ findings }) => <Findings findings={findings} /> },
            ]}
          />
        </Section>
        {refused.length > 0 && (
          <Section id="refused" title={said.refused}>
            <Rows
              caption={said.refused}
              rows={refused}
              idOf={number}
              empty={said.none}
              columns={[
                { head: ownFiles.number, cell: number },
                {
                  head: said.why,
                  cell: ({ code, message, said: told }) =>
                    told === null
                      ? faultIn(language, { code, message })
                      : refusalIn(language, told),
                },
              ]}
            />
          </Section>
        )}
        <p>
          <a href={next}>{said.again}</a>
        </p>
      </>
    ),
  }
}
