import type { Command } from 'commander'
import type { TipReceipt } from '../../assessing/index.ts'
import { defang, defangedText, defined } from '../../core/index.ts'
import type { SisterMail, SistersReport } from '../../sisters/index.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(mails: Command, shell: Shell): void {
  withExamples(mails, [
    'hindra sister-mails                  # what waits for a person, and why',
    'hindra sister-mails show MAIL_ID',
    'hindra sister-mails accept MAIL_ID   # tips of the URLs that were read out of it',
    'hindra sister-mails accept MAIL_ID "hxxps://host[.]example/a" --reference "2026-117"',
    'hindra sister-mails dismiss MAIL_ID --reason "a newsletter"',
  ])

  paged(mails.command('list', { isDefault: true }))
    .description('what waits for a person, in the order in which it came')
    .action((query: PagingOptions) =>
      shell.withClient(async (client) => {
        await showPage(shell, client.sisterMails.list, {
          query: { ...query },
          human: asTable,
          placeOf: ({ id }) => id,
        })
      }),
    )

  mails
    .command('show <id>')
    .description('one of them with all that it says; what was attached was never read')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.sisterMails.show({ id }), mailText)
      }),
    )

  mails
    .command('read')
    .description('reads the mailbox now; the server does so by itself')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.sisterMails.collect(), reportText)
      }),
    )

  mails
    .command('accept <id> [urls...]')
    .description('makes tips of these URLs, or of those that were read out of it')
    .option('--reference <text>', "the sender's reference, in place of what it begins with")
    .action((id: string, urls: readonly string[], { reference }: { reference?: string }) =>
      shell.withClient(async (client) => {
        const said = defined({ urls: urls.length === 0 ? undefined : urls, reference })
        shell.output().answer(await client.sisterMails.accept({ id, ...said }), tipsTable)
      }),
    )

  mails
    .command('dismiss <id>')
    .description('you have read it, and there is no tip in it: it is forgotten here')
    .requiredOption('--reason <text>', 'why, for the record')
    .action((id: string, { reason }: { reason: string }) =>
      shell.withClient(async (client) => {
        const mail = await client.sisterMails.dismiss({ id, reason })
        shell.output().answer(mail, (gone) => `read, and forgotten here: ${gone.id}`)
      }),
    )
}

function asTable(mails: readonly SisterMail[]): string {
  return table(
    ['id', 'came', 'why it waits', 'from', 'hotline', 'subject', 'URLs'],
    mails.map(({ id, at, why, from, hotline, subject, urls }) => [
      ...[id, at, why, from, hotline, defangedText(subject), urls.length],
    ]),
  )
}

function mailText({ text, urls, subject, attachments, ...mail }: SisterMail): string {
  return [
    fields({
      ...mail,
      subject: defangedText(subject),
      'attachments, not read': attachments,
      urls: urls.map(defang).join(' '),
    }),
    defangedText(text),
  ].join('\n\n')
}

function reportText({ problems, ...counts }: SistersReport): string {
  return fields({ ...counts, ...(problems.length === 0 ? {} : { problems: problems.join('; ') }) })
}

function tipsTable(tips: readonly TipReceipt[]): string {
  return table(
    ['tip', 'status', 'url'],
    tips.map(({ id, status = null, url }) => [id, status, url === undefined ? null : defang(url)]),
  )
}
