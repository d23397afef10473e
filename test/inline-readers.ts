import { type PageReader } from '../src/intake/index.ts'
import { legiblePage } from '../src/intake/page-legible.ts'
import { mediaOnPage } from '../src/intake/page-media.ts'
import type { MailReader } from '../src/mails/index.ts'
import { MAIL_PARSERS } from '../src/mails/mail-parsers.ts'
import { mailReaderOver } from '../src/mails/mail-reader.ts'

/**
 * The same parsers without threads of their own: for simulations, which thread is ready first is not to be up to
 * the machine, and for the many worlds of tests that are about something else.
 */
export const INLINE_READERS: { readonly pages: PageReader; readonly mails: MailReader } = {
  pages: {
    media: (...page) => Promise.resolve(mediaOnPage(...page)),
    text: (...page) => Promise.resolve(legiblePage(...page)),
    close: () => Promise.resolve(),
  },
  mails: mailReaderOver(MAIL_PARSERS),
}
