import { acceptance } from '../sisters/terms.ts'
import { page, reason } from './fields.ts'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

const id = idOf('sister-mail')
/** What a mail tells of is a tip of whoever may bring tips, and read them. */
const BRINGS = ['tip:submit', 'tip:read'] as const

/** Mails of sister hotlines that became no tips by themselves. */
export const sisterMails = {
  list: operation('GET /v1/sister-mails', {
    needs: 'tip:read',
    says: 'Mails of sister hotlines that wait for a person, and why',
    input: page,
    reads: ['page', 'sister-mail.list'],
    run: ({ sisters }, _by, wanted) => sisters.list(wanted),
    total: ({ sisters }) => sisters.count(),
  }),
  show: operation('GET /v1/sister-mails/:id', {
    needs: 'tip:read',
    says: 'One of them',
    input: { id },
    reads: ['one', 'sister-mail.read'],
    run: ({ sisters }, _by, mail) => sisters.get(mail.id),
  }),
  collect: operation('POST /v1/sister-mails/collect', {
    needs: BRINGS,
    says: 'Reads the mailbox of sister hotlines now',
    input: {},
    run: ({ sisters }) => sisters.collect(),
  }),
  accept: operation('POST /v1/sister-mails/:id/accept', {
    needs: BRINGS,
    says: 'A person makes tips of what it tells of',
    input: { id, ...acceptance },
    run: ({ sisters }, by, { id: mail, ...said }) => sisters.accept(by, mail, said),
  }),
  dismiss: operation('POST /v1/sister-mails/:id/dismiss', {
    needs: BRINGS,
    says: 'A person has read it, and makes no tip of it: it is forgotten here',
    input: { id, reason },
    run: ({ sisters }, by, mail) => sisters.dismiss(by, mail.id, mail.reason),
  }),
}
