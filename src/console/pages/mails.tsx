import { z } from 'zod'
import { defang, defangedText } from '../../core/index.ts'
import type { SisterMail } from '../../sisters/index.ts'
import type { PoliceMail } from '../../takedown/index.ts'
import { FoldedForm, OperationForm, Reason, TypedField, useSent } from '../components/form.tsx'
import { PAGE_ROWS } from '../components/pager.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Section } from '../components/section.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { When } from '../components/when.tsx'
import { shortId } from '../names.ts'
import { page, type Visit } from '../page.ts'

/** How many URLs can be named in place of those that were read out of a mail. */
const NAMED_URLS = 5
const REFERENCE_CHARS_MAX = 256

/** Mails that nobody could sort: of sister hotlines, which may become tips, and of the police. */
export const mailsPage = page({
  path: '/console/mails',
  needs: 'notice:read',
  input: z.object({}),
  async show(visit) {
    const { words, calls } = visit
    const { mails: said } = words
    const [sisters, police] = await Promise.all([
      visit.may('tip:read') ? calls.sisterMails.list.page({ limit: PAGE_ROWS }) : undefined,
      calls.policeMails.list.page({ limit: PAGE_ROWS }),
    ])
    return {
      title: said.title,
      body: (
        <>
          {sisters !== undefined && (
            <Section id="sisters" title={said.sisters} aside={words.rows(sisters.total ?? '0')}>
              <p class="hint">{said.sistersHint}</p>
              {visit.may('tip:submit') && (
                <OperationForm operation="sisterMails.collect" label={said.readOn}>
                  <button type="submit" class="second">
                    {said.readOn}
                  </button>
                </OperationForm>
              )}
              {sisters.rows.length === 0 && <p class="empty">{words.noneWaiting}</p>}
              {sisters.rows.map((mail) => (
                <FromSister key={mail.id} mail={mail} visit={visit} />
              ))}
            </Section>
          )}
          <Section id="police" title={said.police} aside={words.rows(police.total ?? '0')}>
            <p class="hint">{said.policeHint}</p>
            {police.rows.length === 0 && <p class="empty">{words.noneWaiting}</p>}
            {police.rows.map((mail) => (
              <FromPolice key={mail.id} mail={mail} visit={visit} />
            ))}
          </Section>
        </>
      ),
    }
  },
})

function FromSister({ mail, visit }: { readonly mail: SisterMail; readonly visit: Visit }) {
  const { mails: said } = visit.words
  const { id, urls } = mail
  return (
    <article>
      <h3>
        <bdi>{subjectOf(mail)}</bdi>
      </h3>
      <Pairs
        rows={[
          [said.received, <When at={mail.at} />],
          [said.from, <bdi>{mail.from}</bdi>],
          [said.hotline, mail.hotline],
          [said.why, said.whys[mail.why]],
          [said.attachments, mail.attachments > 0 && String(mail.attachments)],
          [
            said.urls,
            urls.length > 0 && (
              <ul>
                {urls.map((url) => (
                  <li key={url}>
                    <DefangedUrl url={defang(url)} />
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
      <MailText text={mail.text} />
      {visit.may('tip:submit') && (
        <>
          {urls.length > 0 && (
            <OperationForm operation="sisterMails.accept" label={subjectOf(mail)} given={{ id }}>
              <TypedField
                id={`reference-${id}`}
                name="reference"
                label={said.reference}
                maxlength={REFERENCE_CHARS_MAX}
              />
              <button type="submit">{said.accept(urls.length)}</button>
            </OperationForm>
          )}
          <FoldedForm title={said.acceptSome} operation="sisterMails.accept" given={{ id }}>
            <p class="hint">{said.acceptSomeHint}</p>
            <NamedUrls of={id} label={said.url} />
            <button type="submit">{said.acceptSome}</button>
          </FoldedForm>
          <FoldedForm title={said.dismiss} operation="sisterMails.dismiss" given={{ id }}>
            <Reason id={`dismiss-${id}`} />
            <button type="submit">{said.dismissGo}</button>
          </FoldedForm>
        </>
      )}
    </article>
  )
}

function NamedUrls({
  of,
  label,
}: {
  readonly of: string
  readonly label: (place: number) => string
}) {
  const sent = useSent('urls') ?? []
  return (
    <>
      {Array.from({ length: NAMED_URLS }, (_, place) => (
        <div key={place} class="field">
          <label for={`url-${of}-${place}`}>{label(place + 1)}</label>
          <input
            id={`url-${of}-${place}`}
            name="urls"
            required={place === 0}
            value={sent[place]}
            autocomplete="off"
          />
        </div>
      ))}
    </>
  )
}

function FromPolice({ mail, visit }: { readonly mail: PoliceMail; readonly visit: Visit }) {
  const { mails: said, notices } = visit.words
  return (
    <article>
      <h3>
        <bdi>{subjectOf(mail)}</bdi>
      </h3>
      <Pairs
        rows={[
          [said.received, <When at={mail.at} />],
          [
            said.from,
            <>
              <bdi>{mail.from}</bdi>; {notices.proofs[mail.proof]}
            </>,
          ],
          [said.why, said.policeWhys[mail.why]],
        ]}
      />
      <MailText text={mail.text} />
      {visit.may('notice:hold') && (
        <OperationForm
          operation="policeMails.markSeen"
          label={subjectOf(mail)}
          given={{ id: mail.id }}
        >
          <button type="submit">{said.seen}</button>
        </OperationForm>
      )}
    </article>
  )
}

function MailText({ text }: { readonly text: string }) {
  return <pre dir="auto">{defangedText(text)}</pre>
}

function subjectOf({ subject, id }: Pick<SisterMail, 'subject' | 'id'>): string {
  return subject.trim() === '' ? shortId(id) : defangedText(subject)
}
