import { type PageReader } from '../src/intake/index.ts'
import { mediaOnPage } from '../src/intake/page-media.ts'
import type { MailReader } from '../src/takedown/index.ts'
import { MAIL_PARSERS } from '../src/takedown/inbox/mail-parsers.ts'
import { mailReaderOver } from '../src/takedown/inbox/mail-reader.ts'

/**
 * The same parsers without threads of their own: for simulations, which thread is ready first is not to be up to
 * the machine, and for the many worlds of tests that are about something else.
 */
export const INLINE_READERS: { readonly pages: PageReader; readonly mails: MailReader } = {
  pages: {
    media: (...page) => Promise.resolve(mediaOnPage(...page)),
    close: () => Promise.resolve(),
  },
  mails: mailReaderOver(MAIL_PARSERS),
}
